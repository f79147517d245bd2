"""The Python client, and the command line around it."""

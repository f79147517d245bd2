"""The client for Python, and the command line around it."""

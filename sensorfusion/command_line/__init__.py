"""The command line apart from the server: help, `doctor` and `send`."""

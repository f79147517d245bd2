"""Terminal interface of the commands: help with examples, progress bars, errors without a traceback."""

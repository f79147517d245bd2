"""Base class of the errors that a command reports without a traceback."""


class CommandLineError(Exception):
    """The message says what is wrong and what to do about it; it is printed without a traceback."""

    status = 1  # the command's exit status

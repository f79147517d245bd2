"""What keeps a command from running, said to the person at the terminal."""


class CommandLineError(Exception):
    """The message says what is wrong and what to do about it; nobody needs a traceback to see that."""

    status = 1  # what the command ends with

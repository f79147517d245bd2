"""Lists `mcp` among the commands; the command line runs it without Django (`mcp/command.py`)."""

from sensorfusion.mcp import command
from sensorfusion.terminal.commands import ListedProgram


class Command(ListedProgram):
    program = command
    help = command.HELP
    epilog = command.EPILOG

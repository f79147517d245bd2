"""Lists `send` among the commands; the command line runs it without Django (`command_line/send.py`)."""

from sensorfusion.command_line import send
from sensorfusion.terminal.commands import ListedProgram


class Command(ListedProgram):
    program = send
    help = send.HELP
    epilog = send.EPILOG

"""Lists `watch` among the commands; the command line runs it without Django (`command_line/watch.py`)."""

from sensorfusion.command_line import watch
from sensorfusion.terminal.commands import ListedProgram


class Command(ListedProgram):
    program = watch
    help = watch.HELP
    epilog = watch.EPILOG

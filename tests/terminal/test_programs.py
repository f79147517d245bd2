"""Programs without Django: the same arguments and the same status as when Django's command line runs them."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.core.management import get_commands, load_command_class

from sensorfusion.command_line import send
from sensorfusion.terminal.commands import ListedProgram
from sensorfusion.terminal.programs import Program, run_program


def listed() -> dict[str, Program]:
    """Return the programs among our commands, by name."""
    ours = (name for name, app in get_commands().items() if str(app).startswith("sensorfusion."))
    found = {name: load_command_class(get_commands()[name], name) for name in ours}
    return {name: each.program for name, each in found.items() if isinstance(each, ListedProgram)}


def test_the_status_is_the_program_s() -> None:
    program = SimpleNamespace(
        HELP="Help.",
        EPILOG="",
        add_arguments=lambda parser: parser.add_argument("--status", type=int),
        run=lambda parser, options: options["status"],
    )

    assert run_program(program, "try", ["--status", "3"]) == 3
    with pytest.raises(SystemExit):
        run_program(program, "try", ["--no-such"])


def test_programs_are_listed_among_the_commands() -> None:
    assert set(listed()) == {"send", "watch", "mcp"}
    assert listed()["send"] is send


@pytest.mark.parametrize("name", ["send", "watch", "mcp"])
def test_help_loads_no_django(name: str) -> None:
    code = (
        f"import sys; sys.argv = ['sensorfusion', '{name}', '--help']\n"
        "from sensorfusion.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    print(end.code, 'django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.startswith(f"usage: sensorfusion {name}")
    assert done.stdout.splitlines()[-1] == "0 False"

"""The overview that `sensorfusion help` prints, and the version line."""

import platform
from collections import defaultdict

import django
from django.core.management import get_commands, load_command_class

from sensorfusion import __version__

_INTRODUCTION = """\
SensorFusion {version}: readings from remote sensors, stored durably and shown live.

  sensorfusion up --demo          start everything, with a demo site
  sensorfusion COMMAND --help     what a command does, with an example
  --data DIR                      (any command) where the data is; `sensorfusion doctor` shows the default
"""


def version() -> str:
    return f"SensorFusion {__version__} (Django {django.__version__}, Python {platform.python_version()})"


def commands() -> str:
    """List the platform's commands with a line each, then the names of Django's."""
    django.setup()
    by_app: dict[str, list[str]] = defaultdict(list)
    for name, app in sorted(get_commands().items()):
        by_app[str(app)].append(name)
    ours = [(name, app) for app, names in by_app.items() if app.startswith("sensorfusion.") for name in names]
    others = sorted(name for app, names in by_app.items() if not app.startswith("sensorfusion.") for name in names)
    width = max(len(name) for name, _ in ours) + 2
    lines = [f"  {name:<{width}}{_first_line(app, name)}" for name, app in sorted(ours)]
    return "\n".join(
        [_INTRODUCTION.format(version=__version__), "Commands:", *lines, "", "Django's commands:", _wrapped(others)]
    )


def _first_line(app: str, name: str) -> str:
    return str(load_command_class(app, name).help).strip().splitlines()[0]


def _wrapped(names: list[str], width: int = 90) -> str:
    lines = ["  "]
    for name in names:
        if len(lines[-1]) + len(name) > width:
            lines.append("  ")
        lines[-1] += f"{name} "
    return "\n".join(line.rstrip() for line in lines)

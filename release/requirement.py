"""Prints what `pyproject.toml` requires of a dependency, with its bounds: `python -m release.requirement uvicorn`."""

import re
import sys
import tomllib

from release.components import ROOT


def requirement(name: str) -> str:
    """Return the requirement with its bounds.

    :raises LookupError: if the package does not depend on it.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for required in project["dependencies"]:
        if re.split(r"[^\w-]", required, maxsplit=1)[0] == name:
            return str(required)
    raise LookupError(name)


if __name__ == "__main__":
    print(requirement(sys.argv[1]))

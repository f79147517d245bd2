"""Prints the notes of this version, as CHANGELOG.md has them: `python -m release.notes v0.1.0`.

A tag that is not the version of the package, or has no notes, ends with an error: nothing is released by mistake.
"""

import re
import sys

from release.components import ROOT
from sensorfusion import __version__


class NoRelease(Exception):
    """The tag cannot be released; the message says why."""


def notes(tag: str, *, version: str, changelog: str) -> str:
    """Return the part of the changelog that belongs to the tag.

    :raises NoRelease: if the tag is another version's, or the changelog says nothing about it.
    """
    if tag != f"v{version}":
        raise NoRelease(f"The tag is {tag}, and the package is version {version}.")
    found = re.search(rf"^## {re.escape(version)}\n([\s\S]*?)(?=^## |\Z)", changelog, re.MULTILINE)
    if not found or not found[1].strip():
        raise NoRelease(f"CHANGELOG.md has no notes for {version}.")
    return found[1].strip() + "\n"


if __name__ == "__main__":
    try:
        print(notes(sys.argv[1], version=__version__, changelog=(ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
    except NoRelease as refused:
        sys.exit(str(refused))

"""Parameters in the query of a URL, read strictly: a parameter that would have no effect is refused.

Checks of values, here and in `values.py`, raise `ValueError` with a phrase that follows the name of the variable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote

Check = Callable[[str], str]  # returns which values are valid if this one is not, and an empty string if it is
Decode = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The parameters that a URL may have. `refused` holds what to write instead of others that people try."""

    allowed: Mapping[str, Check]
    refused: Mapping[str, str] = field(default_factory=dict)
    decode: Decode = unquote

    def read(self, query: str) -> dict[str, str]:
        """Return the parameters of a query by name.

        :raises ValueError: if one is unknown, given twice, or has an invalid value.
        """
        found: dict[str, str] = {}
        for part in query.split("&") if query else []:
            name, _, value = (self.decode(each) for each in part.partition("="))
            if name in found:
                raise ValueError(f"has the parameter {name} twice: write it once.")
            if not value:
                raise ValueError(f"has the parameter {name!r} without a value: write {name}=…, or leave it out.")
            self._check(name, value)
            found[name] = value
        return found

    def _check(self, name: str, value: str) -> None:
        if name in self.refused:
            raise ValueError(f"has the parameter {name}, which is not supported: {self.refused[name]}")
        if name not in self.allowed:
            raise ValueError(f"has the unknown parameter {name!r}: {self._instead(name)}")
        if valid := self.allowed[name](value):
            raise ValueError(f"has the parameter {name} with an invalid value: write {valid}.")

    def _instead(self, name: str) -> str:
        if near := get_close_matches(name.lower(), self.allowed, n=1, cutoff=0.8):
            return f"write {near[0]}."
        return f"leave it out; allowed are {', '.join(sorted(self.allowed))}." if self.allowed else "leave it out."


def anything(value: str) -> str:
    return ""


def one_of(*values: str) -> Check:
    def check(value: str) -> str:
        return "" if value in values else " or ".join(values)

    return check


def number(least: int, most: int) -> Check:
    def check(value: str) -> str:
        is_valid = value.isascii() and value.isdecimal() and least <= int(value) <= most
        return "" if is_valid else f"a whole number from {least} to {most}"

    return check


def file(value: str) -> str:
    return "" if is_readable(Path(value)) else "the path of a file that can be read"


def directory(value: str) -> str:
    return "" if Path(value).is_dir() else "the path of a directory"


def is_readable(path: Path) -> bool:
    """Return whether this process can read the file."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False

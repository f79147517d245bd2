"""Regular expressions that every supported Python reads alike.

Before 3.11.5 (Debian 12 has 3.11.2) a possessive group whose last attempt failed went on behind what that attempt had
read (gh-106052): `(?:e[0-9]++)?+` took the e of "5e". An atomic group in its place, `(?>e[0-9]++)?+`, goes back.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import sensorfusion

ONE_CHARACTER = {constants.IN, constants.LITERAL, constants.NOT_LITERAL, constants.ANY, constants.CATEGORY}


def patterns() -> Iterator[tuple[str, "re.Pattern[Any]"]]:
    """Yield every pattern that a module keeps, by its name."""
    for module in pkgutil.walk_packages(sensorfusion.__path__, "sensorfusion."):
        if ".migrations" in module.name or ".micropython" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value


def possessive_groups(parsed: Any) -> Iterator[Any]:
    """Yield what is repeated possessively, and is neither one character nor atomic."""
    for op, arguments in parsed:
        if op is constants.POSSESSIVE_REPEAT:
            repeated = list(arguments[2])
            if len(repeated) != 1 or repeated[0][0] not in {*ONE_CHARACTER, constants.ATOMIC_GROUP}:
                yield repeated
        for each in arguments if isinstance(arguments, tuple) else (arguments,):
            yield from _within(each)


def _within(part: Any) -> Iterator[Any]:
    if isinstance(part, parser.SubPattern):
        yield from possessive_groups(part)
    elif isinstance(part, list):
        for each in part:
            yield from _within(each)


def wrong(pattern: "re.Pattern[Any]") -> list[Any]:
    return list(possessive_groups(parser.parse(pattern.pattern, pattern.flags)))


@pytest.mark.parametrize("written", ["(?:e[0-9]++)?+", "(?P<e>e[0-9])*+", "((?:ab|c)++)"])
def test_the_kind_is_found(written: str) -> None:
    assert wrong(re.compile(written))


@pytest.mark.parametrize("written", ["(?>e[0-9]++)?+", "[0-9]++", "(?:a|b)+", "(?>(?P<e>e[0-9]))*+"])
def test_nothing_else_is_found(written: str) -> None:
    assert not wrong(re.compile(written))


def test_no_pattern_repeats_a_group_possessively_that_is_not_atomic() -> None:
    known = dict(patterns())

    assert len(known) > 50
    assert [name for name, pattern in known.items() if wrong(pattern)] == []

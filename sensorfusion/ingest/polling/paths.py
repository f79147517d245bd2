"""Where a value stands in a JSON answer: `main.temp`, `weather[0].id`, `["temperature:0"].tC`, `rows[type=1].temp`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_STEPS = 20
_NAME = re.compile(r"[^\s.\[\]=\"]+")
_QUOTED = re.compile(r'\["([^"\]]+)"\]')
_NUMBERED = re.compile(r"\[(-?\d{1,6})\]")
_CHOSEN = re.compile(r'\[([^\s.\[\]="]+)=("?)([^\[\]"]+)\2\]')


class BadPath(ValueError):
    """The path cannot be read; `str()` of it says why."""


class Nothing:
    """What stands where nothing does; null is something."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The first object of a list whose `name` has this value, written as JSON or as text."""

    name: str
    value: str


Step = str | int | Chosen
Path = Sequence[Step]


def parse(text: str) -> Path:
    """Read a path; `$` may stand for the whole answer.

    :raises BadPath: if it is none.
    """
    rest, steps = text.strip().removeprefix("$").removeprefix("."), list[Step]()
    while rest:
        if len(steps) == MOST_STEPS:
            raise BadPath(f"{text} has more than {MOST_STEPS} steps")
        step, rest = _step(rest, text)
        steps.append(step)
        if rest.startswith(".") and len(rest) > 1 and rest[1] not in ".[":
            rest = rest[1:]
        elif rest and not rest.startswith("["):
            raise BadPath(f"{text} goes wrong at {rest}: write names with dots between, as main.temp")
    return tuple(steps)


def _step(rest: str, text: str) -> tuple[Step, str]:
    if match := _NAME.match(rest):
        return match[0], rest[match.end() :]
    if match := _QUOTED.match(rest):
        return match[1], rest[match.end() :]
    if match := _NUMBERED.match(rest):
        return int(match[1]), rest[match.end() :]
    if match := _CHOSEN.match(rest):
        return Chosen(match[1], match[3]), rest[match.end() :]
    raise BadPath(f'{text} goes wrong at {rest}: write name, [0], ["odd name"] or [name=value]')


def find(document: object, path: Path) -> object:
    """Return what stands at the path, `Nothing` where nothing does."""
    for step in path:
        document = _follow(document, step)
        if document is Nothing:
            break
    return document


def _follow(document: object, step: Step) -> object:
    match step, document:
        case str(), dict():
            return document.get(step, Nothing)
        case int(), list():
            return document[step] if -len(document) <= step < len(document) else Nothing
        case Chosen(), list():
            return next((each for each in document if isinstance(each, dict) and _is(each, step)), Nothing)
    return Nothing


def _is(each: dict[str, object], chosen: Chosen) -> bool:
    value = each.get(chosen.name, Nothing)
    return value is not Nothing and not isinstance(value, dict | list) and str(value) == chosen.value

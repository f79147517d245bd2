"""Polls an address once and shows what would be read, without storing anything."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asgiref.sync import async_to_sync

from sensorfusion.domain.normalise import Value
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.units import display_symbol
from sensorfusion.ingest.polling.answer import Found, NotUnderstood, Understood, understand
from sensorfusion.ingest.polling.composition import fetcher
from sensorfusion.ingest.polling.fetching import NoAnswer
from sensorfusion.ingest.polling.headers import parse_headers
from sensorfusion.ingest.polling.mapping import Field
from sensorfusion.ingest.polling.paths import parse
from sensorfusion.sensors.polls.troubles import trouble_in_words
from sensorfusion.web.looks import looks
from sensorfusion.web.slots import Slots
from sensorfusion.web.values.numbers import localised, plain

SHOWN_CHARACTERS = 6_000
# Each occupies one of the threads that serve pages, for as long as the address does not answer.
TRIES: Final = Slots(4, what="tries of polls")


@dataclass(frozen=True, slots=True)
class Line:
    """The result of one quantity, for display."""

    label: str
    raw: str
    kept: str
    problem: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of a dry run; `trouble` is empty if there is a reading, `answer` holds the body, if any."""

    trouble: str = ""
    lines: tuple[Line, ...] = ()
    at: datetime | None = None
    is_arrival: bool = True
    answer: str = ""


def try_out(*, url: str, headers: str, fields: list[Field], time_path: str, now: datetime) -> Trial:
    """Poll once and describe what was understood of the answer."""
    try:
        body = async_to_sync(fetcher().get)(url, parse_headers(headers))
    except NoAnswer as error:
        return Trial(trouble=_sentence(trouble_in_words(str(error))))
    try:
        understood = understand(body, fields=fields, time_path=parse(time_path) if time_path else None, received_at=now)
    except NotUnderstood as error:
        return Trial(trouble=_sentence(trouble_in_words(str(error))), answer=_shown(body))
    return _told(understood, body)


def _told(understood: Understood, body: bytes) -> Trial:
    lines = tuple(_line(found) for found in understood.found)
    return Trial(lines=lines, at=understood.at, is_arrival=understood.is_arrival, answer=_shown(body))


def _line(found: Found) -> Line:
    known = quantity(found.field.quantity)
    raw = "" if found.raw is None else json.dumps(found.raw, ensure_ascii=False)[:80]
    kept = "" if found.value is None else f"{_rounded(found.value)} {display_symbol(known.unit)}".strip()
    return Line(looks(known.name).label, raw, kept, trouble_in_words(found.problem))


def _rounded(value: Value) -> Value:
    return localised(plain(value)) if isinstance(value, float) else value


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _shown(body: bytes) -> str:
    """Format the answer so that people find the paths in it."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = body.decode(errors="replace")
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}\n…"

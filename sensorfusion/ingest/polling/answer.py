"""Parses an answer into a reading, with a result for each quantity to show on the settings page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sensorfusion.domain.normalise import Value, check_values
from sensorfusion.domain.numerals import Ambiguous, measured_in
from sensorfusion.domain.repeated import Repeated
from sensorfusion.domain.rounding import rounded
from sensorfusion.ingest.polling.mapping import Field
from sensorfusion.ingest.polling.paths import Answer, Nothing, Path, TooMuchWork
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.instants import BadInstant, Dated, dates


class NotUnderstood(Exception):
    """Nothing in the answer is usable; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """The result of one line of the mapping: the raw value, and the value kept or the reason why it is not."""

    field: Field
    raw: object
    value: Value | None = None
    problem: str = ""
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Understood:
    """A parsed answer: the reading, and the results line by line."""

    found: Sequence[Found]
    sent: Sent
    at: datetime
    is_arrival: bool

    @property
    def problems(self) -> str:
        """Return the problems as one line; missing fields are no problem, since rain may be absent when none falls."""
        return "; ".join(
            f"{each.field.quantity}: {each.problem}" for each in self.found if each.problem and each.is_there
        )


def understand(body: bytes, *, fields: Sequence[Field], time_path: Path | None, received_at: datetime) -> Understood:
    """Find the quantities in an answer; a missing one does not affect the others.

    :raises NotUnderstood: the answer holds no usable reading.
    """
    try:
        document = decode_json(body)
    except NotJson as error:
        raise NotUnderstood(f"the answer is not JSON: {error}") from None
    answer = Answer(document)
    try:
        raw_time = answer.find(time_path) if time_path else Nothing
        raws = [answer.find(field.path) for field in fields]
    except TooMuchWork:
        raise NotUnderstood("the answer has too many elements to search with the filters of its paths") from None
    dated = _dated(raw_time, received_at) if time_path else None
    return _reading(list(zip(fields, raws, strict=True)), dated, received_at)


def _reading(raws: Sequence[tuple[Field, object]], dated: Dated | None, received_at: datetime) -> Understood:
    values = {field.quantity: sent for field, raw in raws if (sent := _sent(field, raw)) is not None}
    kept, _, refusals = check_values(values)
    refused = {refusal.quantity: refusal.detail for refusal in refusals or ()}
    found = [_found(field, raw, kept or {}, refused) for field, raw in raws]
    if not kept:
        first = next((each for each in found if each.is_there), found[0])
        raise NotUnderstood(f"nothing in the answer can be used; {first.field.quantity}: {first.problem}")
    if dated is None or not dated.is_set:
        return Understood(found, Sent(values, is_time_doubtful=dated is not None), received_at, True)
    return Understood(found, Sent(values, dated.at), dated.at, False)


def _sent(field: Field, raw: object) -> object:
    if raw is Nothing or raw is None or isinstance(raw, dict | list):
        return None
    unit = field.unit
    if field.factor is not None:
        raw, unit = _multiplied(raw, field.factor, unit)
    return {"value": raw, "unit": unit} if unit else raw


def _multiplied(raw: object, factor: float, unit: str) -> tuple[object, str]:
    """Multiply a number, or the number in a text; other values are refused with their own reason."""
    if isinstance(raw, Repeated):
        return Repeated(_multiplied(raw.first, factor, unit)[0], _multiplied(raw.other, factor, unit)[0]), unit
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _product(raw, factor), unit
    try:
        written = measured_in(raw) if isinstance(raw, str) else None
    except Ambiguous:
        written = None
    return (_product(written.number, factor), written.unit or unit) if written else (raw, unit)


def _product(number: float, factor: float) -> float:
    try:
        return rounded(float(number) * factor, 9)
    except OverflowError:
        return math.inf


def _found(field: Field, raw: object, kept: dict[str, Value], refused: dict[str, str]) -> Found:
    if raw is Nothing:
        return Found(field, None, problem=f"there is no {field.written} in the answer", is_there=False)
    if isinstance(raw, dict | list):
        inside = ", ".join(list(raw)[:8]) if isinstance(raw, dict) else "a list"
        return Found(field, raw, problem=f"{field.written} is not a value: it holds {inside}")
    if field.quantity in kept:
        return Found(field, raw, value=kept[field.quantity], problem=refused.get(field.quantity, ""))
    return Found(field, raw, problem=refused.get(field.quantity, "the answer gives no value"), is_there=raw is not None)


def _dated(raw: object, received_at: datetime) -> Dated:
    if raw is Nothing or raw is None:
        raise NotUnderstood("the answer has no time at the given path")
    [dated] = dates([Sent({}, raw)], received_at=received_at)
    if isinstance(dated, BadInstant):
        raise NotUnderstood(f"the time of the answer cannot be used: {dated.detail}")
    return dated

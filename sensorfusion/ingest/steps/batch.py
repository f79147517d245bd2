"""What the steps of the pipeline hand to one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec

from sensorfusion.domain.normalise import RefusedValue, Value
from sensorfusion.ingest.steps.receipts import Rejected


class Meaning(NamedTuple):
    """What a sender's own name for something stands for; nothing as the quantity: it is left out."""

    quantity: str
    unit: str = ""


Vocabulary = Mapping[str, Meaning]


class Sent(msgspec.Struct):
    """One reading as it was sent: nothing looked at yet. `problem` is set when not even that could be read."""

    values: object
    observed_at: object = None
    unknown: tuple[str, ...] = ()  # names beside `values` that mean nothing here
    problem: tuple[str, str] | None = None  # code, detail
    sensor: str = ""  # whom a gateway speaks for: an id, an external id or a name
    also: str = ""  # another name of the same sensor, tried where the first means none
    names: Vocabulary | None = None  # what this kind of sender calls things, see `ingest.naming`
    refused: tuple[RefusedValue, ...] = ()  # what the door could not make values of
    is_time_doubtful: bool = False  # the device said a time that cannot be read or is a lost clock's


class Draft(msgspec.Struct):
    """One reading that may be stored: canonical units, an aware instant."""

    observed_at: datetime
    values: dict[str, Value]
    flags: dict[str, int] | None = None
    ahead: bool = False  # the sensor's clock is wrong: never the newest
    is_verdict: bool = False  # only the flags of these values change, where they are still what is stored
    index: int = 0  # its place among the readings of its sensor that were sent together


class Checked(msgspec.Struct):
    """A whole request after checking: what can be stored, and what cannot and why."""

    drafts: list[Draft] = []
    rejected: list[Rejected] = []


@dataclass(frozen=True, slots=True)
class Source:
    """The sensor a key belongs to."""

    sensor: int
    uuid: str
    paths: Vocabulary | None = field(default=None, compare=False)  # what this device calls things


@dataclass(frozen=True, slots=True)
class Gateway:
    """Who speaks for many sensors: an operator, by an API token that may write."""

    operator: int


class Outcome(msgspec.Struct, frozen=True):
    """What the writer did with one request's readings."""

    accepted: int
    duplicates: int
    seq: int
    rejected: tuple[Rejected, ...] = ()  # what only the stored state could tell

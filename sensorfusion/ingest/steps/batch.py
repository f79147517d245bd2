"""The data types that the steps of the pipeline pass to one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec

from sensorfusion.domain.normalise import RefusedValue, Value
from sensorfusion.ingest.steps.receipts import Rejected


class Meaning(NamedTuple):
    """The quantity and unit that a sender's own name stands for; an empty quantity means that the value is dropped."""

    quantity: str
    unit: str = ""


Vocabulary = Mapping[str, Meaning]


class Sent(msgspec.Struct):
    """One reading as it was sent, unchecked. `problem` is set if not even its structure could be read."""

    values: object
    observed_at: object = None
    unknown: tuple[str, ...] = ()  # unknown names beside `values`
    problem: tuple[str, str] | None = None  # code, detail
    sensor: str = ""  # the sensor that a gateway names: by id, external id or name
    also: str = ""  # a second name of the same sensor, tried if the first is unknown
    names: Vocabulary | None = None  # the vocabulary of this kind of sender, see `steps.naming`
    refused: tuple[RefusedValue, ...] = ()  # values that the door could not parse
    is_time_doubtful: bool = False  # the device sent an unreadable time, or one that shows a reset clock


class Draft(msgspec.Struct):
    """One reading that may be stored: canonical units, and an aware instant."""

    observed_at: datetime
    values: dict[str, Value]
    flags: dict[str, int] | None = None
    ahead: bool = False  # the sensor's clock is wrong: never shown as the newest
    is_verdict: bool = False  # changes only the flags of these values, and only where the stored values are still equal
    index: int = 0  # position among the readings of its sensor that were sent together


class Checked(msgspec.Struct):
    """A whole request after checking: the readings that can be stored, and the rejected ones with reasons."""

    drafts: list[Draft] = []
    rejected: list[Rejected] = []


@dataclass(frozen=True, slots=True)
class Source:
    """The sensor a key belongs to."""

    sensor: int
    uuid: str
    names: Vocabulary | None = field(default=None, compare=False)  # this device's own names for quantities


@dataclass(frozen=True, slots=True)
class Gateway:
    """A sender for many sensors: an operator, by an API token with write scope."""

    operator: int


class Outcome(msgspec.Struct, frozen=True):
    """The writer's result for one write request."""

    accepted: int
    duplicates: int
    seq: int
    rejected: tuple[Rejected, ...] = ()  # readings rejected because of the stored state

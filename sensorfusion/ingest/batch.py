"""What the steps of the pipeline hand to one another."""

from dataclasses import dataclass, field
from datetime import datetime

from sensorfusion.domain.normalise import Value
from sensorfusion.ingest.receipts import Rejected


@dataclass(slots=True)
class Sent:
    """One reading as it was sent: nothing looked at yet. `problem` is set when not even that could be read."""

    values: object
    observed_at: object = None
    unknown: tuple[str, ...] = ()  # names beside `values` that mean nothing here
    problem: tuple[str, str] | None = None  # code, detail


@dataclass(slots=True)
class Draft:
    """One reading that may be stored: canonical units, an aware instant."""

    observed_at: datetime
    values: dict[str, Value]
    flags: dict[str, int] | None = None
    ahead: bool = False  # the sensor's clock is wrong: never the newest


@dataclass(slots=True)
class Checked:
    """A whole request after checking: what can be stored, and what cannot and why."""

    drafts: list[Draft] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """The sensor a key belongs to."""

    sensor: int
    uuid: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the writer did with one request's readings."""

    accepted: int
    duplicates: int
    seq: int

"""The data types that the steps of the pipeline pass to one another."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, NamedTuple

import msgspec

from sensorfusion.domain.normalise import RefusedValue, Value
from sensorfusion.ingest.steps.receipts import Rejected


class Meaning(NamedTuple):
    """The quantity and unit that a sender's own name stands for; an empty quantity means that the value is dropped.

    Of several names for one quantity in a message, the one with the lowest rank is the main one.
    """

    quantity: str
    unit: str = ""
    rank: int = 0


Vocabulary = Mapping[str, Meaning]


class Field(NamedTuple):
    """One field of a device's message, for senders that may have several sources of one quantity.

    `source` identifies the probe and its value, whatever else the message holds and in whatever order:
    `DS18B20 01144A.Temperature`. `quantity` is the one that it is to feed, empty for one of its own name; a second
    source of that quantity gets a name with `which`: `temperature:01144a`, or `power_2` if it is a number. Of new
    fields of one message that are to feed the same quantity, the one with the lowest `rank` does. The settings may map
    a field by its source, by the quantity that it feeds, or, if that is the one it is to feed, by its name `also`.
    `formerly` is the name under which it was stored before fields were recorded: a sensor that has such a series
    continues it.
    """

    source: str
    value: object
    quantity: str = ""
    unit: str = ""
    which: str = ""
    rank: int = 0
    label: str = ""  # the name as people wrote it
    also: str = ""
    formerly: str = ""


class Note(NamedTuple):
    """Something that was not understood, ignored or is doubtful, for the sensor's owner: what came, and what to do."""

    code: str  # of `domain.errors`
    subject: str  # a field, a component, a topic
    detail: str


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
    fields: Sequence[Field] = ()  # instead of `values`
    notes: Sequence[Note] = ()


class Draft(msgspec.Struct):
    """One reading that may be stored: canonical units, and an aware instant."""

    observed_at: datetime
    values: dict[str, Value]
    flags: dict[str, int] | None = None
    ahead: bool = False  # the sensor's clock is wrong: never shown as the newest
    is_verdict: bool = False  # changes only the flags of these values, and only where the stored values are still equal
    index: int = 0  # position among the readings of its sensor that were sent together


class Undecided(NamedTuple):
    """New fields of one reading, and the quantities that the reading has anyway."""

    fields: Sequence[Field]
    quantities: Set[str]


class Checked(msgspec.Struct):
    """A whole request after checking: the readings that can be stored, and the rejected ones with reasons.

    As long as fields are undecided, which quantities they feed is to be decided first, then checked once more.
    """

    drafts: list[Draft] = []
    rejected: list[Rejected] = []
    notes: list[Note] = []
    undecided: list[Undecided] = []


@dataclass(frozen=True, slots=True)
class Source:
    """The sensor a key belongs to."""

    sensor: int
    uuid: str
    names: Vocabulary | None = field(default=None, compare=False)  # this device's own names for quantities
    # The quantity that each field of the device feeds, see `senders.source_fields`; empty: none, its value is dropped.
    fields: Mapping[str, str] = field(default_factory=dict, compare=False)
    fed: Set[str] = field(default=frozenset(), compare=False)  # the quantities of `fields`
    utc_offset_s: int | None = field(default=None, compare=False)  # of times without a zone, if not the site's
    time_zone: str = field(default="UTC", compare=False)  # the site's
    site: int = field(default=0, compare=False)  # whose quotas count; 0 for imports, which have quotas of their own


@dataclass(frozen=True, slots=True)
class Gateway:
    """A sender for many sensors: an operator, by an API token that may send.

    `sites` are those that the token is bound to, None for a token of all of the operator's sites.
    """

    site: ClassVar[int] = 0  # none: the quotas of each reading's own site count
    operator: int
    sites: Set[int] | None = None


class Outcome(msgspec.Struct, frozen=True):
    """The writer's result for one write request."""

    accepted: int
    duplicates: int
    seq: int
    rejected: tuple[Rejected, ...] = ()  # readings rejected because of the stored state

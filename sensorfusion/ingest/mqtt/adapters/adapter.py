"""The shape of an adapter: which topics it reads, and what it finds in their messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sensorfusion.ingest.steps.batch import Sent


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the levels of its topic, without what the installation put before them."""

    levels: Sequence[str]
    payload: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One device's readings in a message. `device` is its external id, or a sensor's own id (see `own.py`)."""

    device: str
    sent: Sequence[Sent]


@dataclass(frozen=True, slots=True)
class Adapter:
    """How one kind of device or program speaks over MQTT.

    `read` returns nothing for messages that are no readings, and raises `Refused` for what cannot be read.
    """

    name: str
    filters: Sequence[str]  # MQTT topic filters: + is one level, # the rest
    read: Callable[[Message], Sequence[Found]]


def matches(wanted: Sequence[str], levels: Sequence[str]) -> bool:
    """Whether a filter, split into levels, takes a topic."""
    if wanted and wanted[-1] == "#":
        return len(levels) >= len(wanted) - 1 and matches(wanted[:-1], levels[: len(wanted) - 1])
    return len(wanted) == len(levels) and all(one in ("+", level) for one, level in zip(wanted, levels, strict=True))

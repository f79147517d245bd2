"""The interface of an adapter: the topics it handles, and the readings it finds in their messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sensorfusion.ingest.steps.batch import Note, Sent


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the levels of its topic, without the site prefix."""

    levels: Sequence[str]
    payload: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One device's readings in a message. `device` is its external id, or a sensor's own id (see `own_topic`).

    A message of a device with nothing to store has notes only.
    """

    device: str
    sent: Sequence[Sent] = ()
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Adapter:
    """The MQTT convention of one kind of device or program.

    `read` returns an empty sequence for messages that are no readings by design, such as availability, and raises
    `RequestRefused` for unreadable ones.
    """

    name: str
    filters: Sequence[str]  # MQTT topic filters: + is one level, # the rest
    read: Callable[[Message], Sequence[Found]]


def matches(wanted: Sequence[str], levels: Sequence[str]) -> bool:
    """Return whether a topic filter matches a topic, both split into levels."""
    if wanted and wanted[-1] == "#":
        return len(levels) >= len(wanted) - 1 and matches(wanted[:-1], levels[: len(wanted) - 1])
    return len(wanted) == len(levels) and all(one in ("+", level) for one, level in zip(wanted, levels, strict=True))

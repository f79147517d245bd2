"""The things that are announced, each with what its receivers need and no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class StoredReading(NamedTuple):
    """A committed change of one sensor, already encoded for everybody who watches it."""

    sensor: int
    seq: int
    wire: bytes  # the JSON object of the live stream, without the frame around it
    observed_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """A key was revoked, or its sensor paused, resumed or deleted: forget what is remembered of it."""

    sensor: int


@dataclass(frozen=True, slots=True)
class SensorChanged:
    """A sensor was registered, renamed, moved, paused, resumed or deleted."""

    sensor: int
    site: int


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """What an operator may see changed: a membership came or went, or the account or its token was closed."""

    operator: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A request in a sensor's name was refused; shown to those who are setting the sensor up."""

    sensor: int
    at: str  # RFC 3339
    status: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The listener was away: anything above may have happened without being heard."""


Control = KeyChanged | SensorChanged | AccessChanged | Refused | Resumed

"""The things that are announced, each with what its receivers need and no more."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

_json = msgspec.json.Encoder().encode


class ShownReading(msgspec.Struct):
    """A reading as the JSON object of the live stream, without the frame around it."""

    sensor: str
    seq: int
    observed_at: datetime
    received_at: datetime
    values: msgspec.Raw
    flags: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class StoredReading(msgspec.Struct):
    """A committed change of one sensor.

    Most sensors are watched by nobody, so how it looks in the live stream is written when the first one asks.
    """

    sensor: int
    seq: int
    shown: bytes | ShownReading
    observed_at: datetime
    received_at: datetime

    @property
    def wire(self) -> bytes:
        """The JSON object, shared by everybody who watches."""
        if isinstance(self.shown, ShownReading):
            self.shown = _json(self.shown)
        return self.shown


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
class ReadingsRefused:
    """A request in a sensor's name was refused; shown to those who are setting the sensor up."""

    sensor: int
    at: str  # RFC 3339
    status: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The listener was away: anything above may have happened without being heard."""


Control = KeyChanged | SensorChanged | AccessChanged | ReadingsRefused | Resumed

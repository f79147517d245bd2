"""Event types, each with only the fields its receivers need."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

_json = msgspec.json.Encoder().encode


class ShownReading(msgspec.Struct):
    """A reading as the JSON object of the live stream, without the frame around it.

    `excluded` names those of its values that an exclusion covers.
    """

    sensor: str
    seq: int
    observed_at: datetime
    received_at: datetime
    values: msgspec.Raw
    flags: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    excluded: list[str] | msgspec.UnsetType = msgspec.UNSET


class StoredReading(msgspec.Struct):
    """A committed change of one sensor.

    Most sensors have no followers, so the JSON for the live stream is encoded only when first needed.
    """

    sensor: int
    seq: int
    shown: bytes | ShownReading
    observed_at: datetime
    received_at: datetime

    @property
    def wire(self) -> bytes:
        """The JSON object, encoded once and shared by all followers."""
        if isinstance(self.shown, ShownReading):
            self.shown = _json(self.shown)
        return self.shown


@dataclass(frozen=True, slots=True)
class KeyChanged:
    """A key was revoked, or its sensor paused, resumed or deleted: its cache entries are invalid."""

    sensor: int


@dataclass(frozen=True, slots=True)
class SensorChanged:
    """A sensor was registered, renamed, moved, paused, resumed or deleted."""

    sensor: int
    site: int


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """An operator's access changed: a membership was added or removed, or the account or its token was closed."""

    operator: int


@dataclass(frozen=True, slots=True)
class ShareChanged:
    """A link to a sensor was changed or revoked."""

    share: int


@dataclass(frozen=True, slots=True)
class SiteShareChanged:
    """The shared page of a site was changed or ended."""

    share: int


@dataclass(frozen=True, slots=True)
class ReadingsRefused:
    """A request for a sensor was refused; shown to operators who are setting the sensor up."""

    sensor: int
    at: str  # RFC 3339
    status: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class SettingUp:
    """An operator at a network address opened the page that waits for the first reading of a sensor."""

    sensor: int
    address: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that was not understood arrived for a sensor; shown on its page. `count` is of all times."""

    sensor: int
    at: str  # RFC 3339
    code: str
    subject: str
    detail: str
    count: int


@dataclass(frozen=True, slots=True)
class Alerted:
    """Something happened to alerts of a site: events after a seq are committed."""

    site: int
    after: int


@dataclass(frozen=True, slots=True)
class WorkQueued:
    """Something waits for a thread in the background; `work` is one of `events.work.Work`."""

    work: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The listener was disconnected and is back: it may have missed any of the events above."""


Control = (
    KeyChanged
    | SensorChanged
    | AccessChanged
    | ShareChanged
    | SiteShareChanged
    | ReadingsRefused
    | SettingUp
    | Noticed
    | Alerted
    | WorkQueued
    | Resumed
)

"""What a channel is, and what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sensorfusion.outgoing.apprise.running import Notification
from sensorfusion.outgoing.request import Request


@dataclass(frozen=True, slots=True)
class Told:
    """A message as channels render it; `alerts` are facts for programs, the rest is for people."""

    key: str  # the idempotency key
    title: str
    text: str
    severity: str
    link: str
    alerts: tuple[Mapping[str, Any], ...] = ()
    standing: tuple["Standing", ...] = ()
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Lasting:
    """An alert that is active now."""

    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Which alerts of a sensor's quantity are active now, most severe first; without a quantity those of its silence.

    They are those of all rules that the channel tells of, whichever the message tells of.
    """

    sensor: str
    sensor_name: str
    site: str
    quantity: str
    label: str
    lasting: tuple[Lasting, ...] = ()

    @property
    def is_active(self) -> bool:
        return bool(self.lasting)


@dataclass(frozen=True, slots=True)
class Topic:
    """A message to a broker."""

    name: str
    payload: bytes = field(repr=False)
    is_retained: bool = True


@dataclass(frozen=True, slots=True)
class Publish:
    """Messages to an MQTT broker, all of which it must acknowledge."""

    url: str
    user: str
    password: str = field(repr=False)
    topics: tuple[Topic, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of channel. `request` gets the message, the address, the secret, and the time in epoch seconds."""

    kind: str
    label: str
    address_help: str
    secret_help: str
    makes_secret: bool
    mistake: Callable[[str], str]
    request: Callable[[Told, str, str, int], Request | Publish | Notification]
    is_entered: bool = True  # by people, in the form of channels
    is_read: bool = True  # by people, in their language; what programs get is in English
    ends_when_gone: bool = False  # at the answers 404 and 410
    shown: Callable[[str], str] | None = None  # of an address that is a secret itself: what is stored and shown instead

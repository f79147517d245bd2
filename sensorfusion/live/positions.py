"""How far a stream of server-sent events has come, as the text that `Last-Event-ID` gives back.

One `<id>.<seq>` for each sensor, then one `!<id>.<seq>` for each site whose alerts are followed, joined by tildes. An
id is the 16 bytes of its UUID in base64url. Of a sensor that the request names, it is the last 6 bytes if no other one
ends so: the address has the rest, and with a thousand both must fit into what a server reads of a request.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from sensorfusion.domain.refusals import Refusal

# What one request can resume: with more, the header would pass the server's limit for all of them.
MOST_SENSORS: Final = 1_000
MOST_SITES: Final = 1_000
_LONGEST_SEQ: Final = 19  # digits of PostgreSQL's bigint
_END_BYTES: Final = 6
_END: Final = 8  # those bytes in base64url
_WHOLE: Final = 22
_SITE: Final = "!"


class Places(NamedTuple):
    """The seq of each sensor and of each site."""

    sensors: dict[str, int]
    sites: dict[str, int]


class _Place(msgspec.Struct):
    sensor: str
    seq: int


class _SitePlace(msgspec.Struct):
    site: str
    seq: int


class Message(msgspec.Struct):
    """The members of a message of the stream by which it moves on, and those that say how it is answered."""

    type: str
    sensors: list[_Place] = []
    readings: list[_Place] = []
    sites: list[_SitePlace] = []
    sensor: str = ""
    site: str = ""
    seq: int = 0
    until: int = 0
    state: str = ""
    code: str = ""
    detail: str = ""
    more: bool = False


read: Final = msgspec.json.Decoder(Message).decode


class Positions:
    """The newest seq that was sent of each sensor and site; `named` are the sensors that the request names."""

    def __init__(self, after: Places, named: Collection[str] = ()) -> None:
        self._ends = {sensor: end for end, sensor in _ends(named).items()}
        self._sensors = {sensor: self._write(sensor, seq) for sensor, seq in after.sensors.items()}
        self._sites = {site: _write_site(site, seq) for site, seq in after.sites.items()}

    def __str__(self) -> str:
        return "~".join((*self._sensors.values(), *self._sites.values()))

    def __len__(self) -> int:
        return len(self._sensors) + len(self._sites)

    def move(self, message: Message) -> None:
        """Move on by a message that is sent, in the order in which they are sent."""
        for place in (*message.sensors, *message.readings):
            self._sensors[place.sensor] = self._write(place.sensor, place.seq)
        for each in message.sites:
            self._sites[each.site] = _write_site(each.site, each.seq)
        if message.type in ("alert", "alert_gap"):
            self._sites[message.site] = _write_site(message.site, message.seq or message.until)
        elif message.type == "gap":
            self._sensors[message.sensor] = self._write(message.sensor, message.until)
        elif message.state == "deleted" or message.code == "access_revoked":
            self._sensors.pop(message.sensor, None)

    def _write(self, sensor: str, seq: int) -> str:
        return f"{self._ends.get(sensor) or _whole(sensor)}.{seq}"


def parse(text: str, named: Collection[str] = ()) -> Places:
    """Return the seq of each sensor and site in a `Last-Event-ID`.

    :raises Refusal: `bad_position` if it is none of ours: then the client must not believe that it has resumed.
    """
    places = text.split("~") if text else []
    ends = _ends(named)
    try:
        sensors = dict(_parse(each, ends) for each in places if not each.startswith(_SITE))
        sites = dict(_parse(each[1:], {}) for each in places if each.startswith(_SITE))
    except ValueError as error:
        raise Refusal("bad_position") from error
    if len(sensors) > MOST_SENSORS:
        raise Refusal("too_many_sensors", f"A stream of events resumes {MOST_SENSORS} sensors at most.")
    if len(sites) > MOST_SITES:
        raise Refusal("too_many_sensors", f"A stream of events resumes the alerts of {MOST_SITES} sites at most.")
    return Places(sensors, sites)


def _write_site(site: str, seq: int) -> str:
    return f"{_SITE}{_whole(site)}.{seq}"


def _whole(uuid: str) -> str:
    return urlsafe_b64encode(UUID(uuid).bytes)[:_WHOLE].decode()


def _ends(named: Collection[str]) -> dict[str, str]:
    """Return the named sensors by how they end, without those that end alike. What is no UUID is no sensor."""
    found = []
    for each in named:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    many = Counter(each.bytes[-_END_BYTES:] for each in found)
    return {urlsafe_b64encode(end).decode(): str(each) for each in found if many[end := each.bytes[-_END_BYTES:]] == 1}


def _parse(place: str, ends: Mapping[str, str]) -> tuple[str, int]:
    name, _, seq = place.partition(".")
    if len(seq) > _LONGEST_SEQ or not (seq.isascii() and seq.isdigit()):
        raise ValueError(place)
    if len(name) == _END and name in ends:
        return ends[name], int(seq)
    if len(name) != _WHOLE:
        raise ValueError(place)
    return str(UUID(bytes=urlsafe_b64decode(f"{name}=="))), int(seq)

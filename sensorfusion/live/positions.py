"""How far a stream of server-sent events has come, as the text that `Last-Event-ID` gives back.

One `<id>.<seq>` for each sensor, and for each site whose alerts are followed, joined by tildes: the 16 bytes of its
UUID in base64url, and the seq in decimal.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from sensorfusion.domain.refusals import Refusal

# What one request can resume: with more, the header would pass the server's limit for all of them.
MOST_SENSORS: Final = 1_000
_LONGEST_SEQ: Final = 19  # digits of PostgreSQL's bigint


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
    """The newest seq that was sent of each sensor."""

    def __init__(self, seqs: Mapping[str, int]) -> None:
        self._written = {sensor: _write(sensor, seq) for sensor, seq in seqs.items()}

    def __str__(self) -> str:
        return "~".join(self._written.values())

    def __len__(self) -> int:
        return len(self._written)

    def move(self, message: Message) -> None:
        """Move on by a message that is sent, in the order in which they are sent."""
        for place in (*message.sensors, *message.readings):
            self._written[place.sensor] = _write(place.sensor, place.seq)
        for each in message.sites:
            self._written[each.site] = _write(each.site, each.seq)
        if message.type in ("alert", "alert_gap"):
            self._written[message.site] = _write(message.site, message.seq or message.until)
        elif message.type == "gap":
            self._written[message.sensor] = _write(message.sensor, message.until)
        elif message.state == "deleted" or message.code == "access_revoked":
            self._written.pop(message.sensor, None)


def parse(text: str) -> dict[str, int]:
    """Return the seq of each sensor in a `Last-Event-ID`.

    :raises Refusal: `bad_position` if it is none of ours: then the client must not believe that it has resumed.
    """
    try:
        found = dict(_parse(each) for each in text.split("~")) if text else {}
    except ValueError as error:
        raise Refusal("bad_position") from error
    if len(found) > MOST_SENSORS:
        raise Refusal("too_many_sensors", f"A stream of events resumes {MOST_SENSORS} sensors at most.")
    return found


def _write(sensor: str, seq: int) -> str:
    return f"{urlsafe_b64encode(UUID(sensor).bytes)[:22].decode()}.{seq}"


def _parse(place: str) -> tuple[str, int]:
    name, _, seq = place.partition(".")
    if len(name) != 22 or len(seq) > _LONGEST_SEQ or not (seq.isascii() and seq.isdigit()):
        raise ValueError(place)
    return str(UUID(bytes=urlsafe_b64decode(f"{name}=="))), int(seq)

"""The card of a share: a small JSON object for displays and widgets, whose memory is measured in kilobytes."""

import json
from datetime import datetime
from typing import Any, Final

from sensorfusion.sharing.latest import values
from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.station import through

MOST_BYTES: Final = 300
_NAME_LONGEST: Final = 40


def card(right: ShareRight, *, system: str, now: datetime) -> bytes:
    """Return name, state, instant and formatted values, the main one first: as many as fit, and none that is older."""
    station = through(right, now=now)
    at = station.observed_at
    told: dict[str, Any] = {
        "name": right.share.name[:_NAME_LONGEST],
        "state": station.state,
        "at": None if at is None else int(at.timestamp()),
        "values": [],
    }
    encoded = _encode(told)
    for each in values(station, system=system):
        if each.since:
            continue
        told["values"].append([each.quantity, f"{each.number} {each.symbol}".rstrip()])
        longer = _encode(told)
        if len(longer) > MOST_BYTES:
            break
        encoded = longer
    return encoded


def _encode(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

"""The current values of a share, formatted for the page, its data and its socket alike."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from sensorfusion.domain.quality import Flag
from sensorfusion.reports import words
from sensorfusion.reports.hero import primary
from sensorfusion.reports.queries import Station
from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.station import through


@dataclass(frozen=True, slots=True)
class Shown:
    """A newest value: a dash where it is bad; `since` is why it is old, empty if it is of the newest reading's time."""

    quantity: str
    label: str
    hue: str
    number: str
    symbol: str
    since: str


class Shared(msgspec.Struct):
    """What pages are sent: of each quantity the number, the unit, and why it is old if it is; `why` is the sensor's.

    `day_ends_at` is when the site's next day begins, and with it every figure of a day.
    """

    state: str
    at: str | None
    clock: str
    values: dict[str, tuple[str, str, str]]
    why: str = ""
    day_ends_at: str | None = None


def latest(right: ShareRight, *, system: str, now: datetime) -> Shared:
    """Return what a link shows now."""
    station = through(right, now=now)
    at = station.observed_at
    return Shared(
        state=station.state,
        why=station.why,
        at=at.isoformat(timespec="seconds") if at else None,
        clock=clock_of(station),
        values={each.quantity: (each.number, each.symbol, each.since) for each in values(station, system=system)},
        day_ends_at=station.day_end.astimezone(UTC).isoformat(timespec="seconds"),
    )


def values(station: Station, *, system: str) -> list[Shown]:
    """Return the values of a share, the main one first."""
    first = primary(station)
    names = sorted(station.newest.values, key=lambda name: name != first)
    return [_shown(station, name, system) for name in names]


def clock_of(station: Station) -> str:
    """Format when the newest value was observed, by the site's clock."""
    at = station.observed_at
    return words.since(at, now=station.now) if at else ""


def _shown(station: Station, name: str, system: str) -> Shown:
    looks = station.looks(name)
    is_bad = (station.newest.flags or {}).get(name) == Flag.BAD
    number, symbol = station.display(name, system).parts(None if is_bad else station.standing(name))
    at = station.value_at(name)
    since = (station.why_of(name) or words.since(at, now=station.now)) if at and station.is_old(name) else ""
    return Shown(name, looks.label, looks.hue, number, symbol, since)

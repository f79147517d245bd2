"""What a meter counted today, beside yesterday until the same time and all of yesterday."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups.buckets import WIDTHS, buckets, instant
from sensorfusion.reports import words
from sensorfusion.reports.queries import Station

_NARROW_S: Final = WIDTHS["5m"]


@dataclass(frozen=True, slots=True)
class Bullet:
    """Places are per cent of the larger of both days; `most` is what the bar's width stands for.

    `total` is canonical, empty while the day has no reading.
    """

    quantity: str
    label: str
    hue: str
    text: str
    symbol: str
    width: str
    mark: str
    by_now: str
    whole: str
    total: str
    most: str
    clock: str


def bullets(station: Station, *, system: str) -> list[Bullet]:
    """Return the bars of a meter's counters."""
    names = [name for name in station.numbers if quantity(name).combine == "counter" and not quantity(name).restarts]
    made = [_bullet(station, name, system) for name in names[:3]]
    return [each for each in made if each is not None]


def _bullet(station: Station, name: str, system: str) -> Bullet | None:
    yesterday = station.calendar.begin(station.today - timedelta(days=1))
    found = buckets(station.question([name], yesterday - timedelta(hours=1), station.end), "5m", extras=True)
    if not found.t:
        return None
    grown = station.calendar.increases(name, found.columns[name])
    day, same = station.day_start.timestamp(), station.day_before(station.now).timestamp() // _NARROW_S * _NARROW_S
    begun = yesterday.timestamp()
    today = [by or 0.0 for t, by in zip(found.t, grown, strict=True) if t >= day]
    now = sum(today) if today else None
    before = [(t, by or 0.0) for t, by in zip(found.t, grown, strict=True) if begun <= t < day]
    by_now, whole = sum(by for t, by in before if t < same), sum(by for _, by in before)
    most = max(now or 0.0, whole) or 1.0
    shown, looking = station.display(name, system), station.looks(name)
    number, symbol = shown.parts(now)
    clock = words.clock(instant(same).astimezone(station.zone))
    return Bullet(
        quantity=name,
        label=looking.label,
        hue=looking.hue,
        text=number,
        symbol=symbol,
        width=f"{(now or 0.0) / most * 100:.2f}%",
        mark=f"{by_now / most * 100:.2f}%" if before else "",
        by_now=shown.text(by_now) if before else "",
        whole=shown.text(whole) if before else "",
        total="" if now is None else f"{now:.9g}",
        most=f"{most:.9g}",
        clock=clock,
    )

"""Current values compared with yesterday at this time, with the same day last year, and with the month so far."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.charts.series import Series
from sensorfusion.readings.rollups.buckets import WIDTHS, Table
from sensorfusion.reports import queries, words
from sensorfusion.reports.queries import Station, same_time_s
from sensorfusion.web.values import dates
from sensorfusion.web.values.display import NOTHING, Display

COMPARED: Final = (
    "temperature",
    "dew_point",
    "humidity",
    "sea_level_pressure",
    "pressure",
    "wind_speed",
    "solar_radiation",
)
MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Against:
    """A value to compare with, and the current value's difference from it; `value` is canonical, for the script."""

    text: str
    difference: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    quantity: str
    label: str
    hue: str
    now: str
    yesterday: Against
    year_before: Against | None
    month: Against | None

    @property
    def standing(self) -> list[Against]:
        """What stays as it is while the page is open."""
        return [each for each in (self.year_before, self.month) if each]


@dataclass(frozen=True, slots=True)
class Comparison:
    when: str
    rows: list[Row]
    year_before: str  # the day, empty if it is not compared
    month: str  # its name, empty if the month is not compared


def compared(station: Station, hero: str) -> list[str]:
    """Return the compared quantities: the hero's first, then the usual ones that the sensor has.

    Amounts are not among them: what fell by one reading is not to be compared with what fell by another. Nor are
    directions, of which none is higher than another.
    """
    first = [hero] if quantity(hero).combine not in ("sum", "vector") else []
    names = [*first, *(name for name in COMPARED if name in station.newest.values and name != hero)]
    if "sea_level_pressure" in names and "pressure" in names:
        names.remove("pressure")
    return names[:MOST]


def comparison(
    station: Station,
    names: list[str],
    *,
    yesterday: dict[str, float],
    month: Table | None,
    year_before: Table | None = None,
    system: str,
) -> Comparison | None:
    """Build the table; None if there is nothing to compare with.

    :param month: the days of the current month.
    :param year_before: the one day with today's date last year.
    """
    means, then = _means(month, names), _means(year_before, names)
    if not any(value is not None for value in [*yesterday.values(), *means.values(), *then.values()]):
        return None
    rows = [_row(station, name, yesterday.get(name), then, means, system) for name in names]
    return Comparison(
        when=_when(station),
        rows=rows,
        year_before=dates.day_of_year(queries.day_last_year(station.today)) if then else "",
        month=gettext("{month} so far").format(month=dates.month(station.today)) if means else "",
    )


def _when(station: Station) -> str:
    at = station.observed_at
    return gettext("Now") if at is None or station.state in ("live", "late") else words.since(at, now=station.now)


def _row(
    station: Station,
    name: str,
    before: float | None,
    then: dict[str, float | None],
    means: dict[str, float | None],
    system: str,
) -> Row:
    looking, shown, value = station.looks(name), station.display(name, system), station.current(name)
    return Row(
        quantity=name,
        label=looking.label,
        hue=looking.hue,
        now=shown.text(value),
        yesterday=_against(value, before, shown),
        year_before=_against(value, then[name], shown) if name in then else None,
        month=_against(value, means[name], shown) if name in means else None,
    )


def _against(value: float | None, other: float | None, shown: Display) -> Against:
    if value is None or other is None:
        return Against(NOTHING, "")
    return Against(shown.text(other), shown.difference(value - other, of=value), f"{other:.9g}")


def _means(table: Table | None, names: list[str]) -> dict[str, float | None]:
    return {name: _mean(table, name) for name in names} if table else {}


def _mean(table: Table, name: str) -> float | None:
    values = [value for value in table.columns[name].value if value is not None] if name in table.columns else []
    return sum(values) / len(values) if values else None


def same_time(station: Station, before: Series) -> dict[str, float]:
    """Return the numbers of a day before the newest reading: of each the nearest in time, within the tolerance.

    The page's script continues the same series by the same rule (`day-before.js`).
    """
    if station.observed_at is None:
        return {}
    wanted = station.day_before(station.observed_at).timestamp()
    within_s = same_time_s(station.interval_s)
    middle_s = 0 if before.resolution == "raw" else WIDTHS[before.resolution] / 2
    found = {}
    for name, column in before.columns.items():
        points = [
            (abs(t + middle_s - wanted), value)
            for t, value in zip(before.t, column.value, strict=True)
            if value is not None
        ]
        distance, value = min(points, default=(within_s + 1, 0.0), key=lambda point: point[0])
        if distance <= within_s:
            found[name] = value
    return found

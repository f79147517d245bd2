"""Climate of a sensor from its days: records with their times, normals, summaries of months and years."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain.counters import Totals
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather import climate
from sensorfusion.domain.weather.climate import SPANS, Cut, Days, Extreme, Normal, Per, Records, Span, Summary
from sensorfusion.domain.weather.derivation import COUNTERS
from sensorfusion.readings.charts.extremes import Sought, observed
from sensorfusion.readings.rollups.days import Calendar, next_month
from sensorfusion.readings.rollups.long_days import Only, last_before, long_days, reaches_before
from sensorfusion.readings.rollups.months import End, Peak, days_of, final_months
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.sensors.models import Sensor

FIRST: Final = datetime(1850, 1, 1, tzinfo=UTC)  # older than any data
DAY: Final = timedelta(days=1)
MONTHS_SINCE: Final = date(1973, 2, 1)  # the first month whose days are all rolled up, see `readings.rollups.days`
RAIN_BEFORE: Final = DAY  # a counter's increase is relative to the day before


@dataclass(frozen=True, slots=True)
class Dated:
    """An extreme with the time of its reading; None if the reading is no longer stored."""

    extreme: Extreme
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a year: `first` to `last`, both included, up to today; `parts` are its days or months."""

    first: date
    last: date
    summary: Summary
    parts: list[tuple[date, Summary]]

    @property
    def expected_days(self) -> int:
        return (self.last - self.first).days + 1


def climatic(names: Collection[str]) -> list[str]:
    """Select the quantities that have a climate: those that are averaged or add up, and directions."""
    return [name for name in names if quantity(name).combine in ("mean", "sum", "vector") or name in COUNTERS]


def days(
    sensor: Sensor, names: Sequence[str], *, first: date | None = None, last: date, only: Only | None = None
) -> Days:
    """Return the site's days from `first` (default: the sensor's first) to `last`, both included.

    :param only: the numbers needed; others may be None.
    """
    calendar, zone = calendar_of(sensor), ZoneInfo(sensor.site.time_zone)
    if not names:
        return Days([], {})
    start = FIRST if first is None else calendar.begin(first)
    question = Question(
        sensor=sensor.id, quantities=tuple(names), start=start, end=calendar.begin(last + DAY), calendar=calendar
    )
    t, columns = long_days(question, only=only)
    growth = {name: calendar.increases(name, column) for name, column in columns.items() if name in COUNTERS}
    vectors = {name: column.vector for name, column in columns.items() if quantity(name).combine == "vector"}
    return Days([datetime.fromtimestamp(each, zone).date() for each in t], columns, growth, vectors)


def calendar_of(sensor: Sensor) -> Calendar:
    """Return the calendar of a sensor (selected with its site)."""
    return Calendar(sensor.site.time_zone, sensor.site.day_starts_h)


def today(sensor: Sensor, *, now: datetime) -> date:
    """Return the site's current day; it changes at the hour at which the site's days begin."""
    return calendar_of(sensor).day_of(now)


def records(sensor: Sensor, names: Sequence[str], *, today: date) -> dict[str, dict[Span, Records]]:
    """Find the records of each quantity, for rain those of its days; without times."""
    with snapshot():
        found = _records(sensor, [name for name in names if quantity(name).combine == "mean"], today=today)
        wettest = _wettest(sensor, names, today=today)
    return found if wettest is None else {**found, "rain": wettest}


def _records(sensor: Sensor, names: Sequence[str], *, today: date) -> dict[str, dict[Span, Records]]:
    """Find records in final months and the days after them, then the days of those from months."""
    if not names:
        return {}
    calendar = calendar_of(sensor)
    since = calendar.begin(MONTHS_SINCE)
    months = final_months(sensor.id, names, start=since, end=today.replace(day=1), calendar=calendar)
    recent = days(sensor, names, first=months.until, last=today, only="extremes")
    older = Days([], {})
    if months.until and reaches_before(sensor.id, since):
        older = days(sensor, names, last=MONTHS_SINCE - DAY, only="extremes")
    dates = [*older.dates, *months.dates, *recent.dates]
    found = {
        name: climate.records(dates, _joined(older.columns.get(name), months.columns[name], column), today=today)
        for name, column in recent.columns.items()
    }
    ends: tuple[End, ...] = ("high", "low")
    peaks = [
        Peak(name, end, each.day)
        for name, spans in found.items()
        for both in spans.values()
        for end in ends
        if (each := getattr(both, end)) and each.day in months.dates
    ]
    day_of = days_of(sensor.id, peaks, calendar=calendar)
    return {name: {span: _by_day(name, both, day_of) for span, both in spans.items()} for name, spans in found.items()}


def _joined(*parts: Totals | None) -> Cut:
    there = [part for part in parts if part]
    return Cut([], [low for part in there for low in part.low], [high for part in there for high in part.high])


def _by_day(name: str, both: Records, day_of: Mapping[Peak, Extreme]) -> Records:
    """Replace the months of extremes by their days."""
    high, low = both.high, both.low
    return Records(
        high and day_of.get(Peak(name, "high", high.day), high), low and day_of.get(Peak(name, "low", low.day), low)
    )


def _wettest(sensor: Sensor, names: Sequence[str], *, today: date) -> dict[Span, Records] | None:
    """Find the wettest days; None if no quantity measures rain."""
    whole = days(sensor, [name for name in climate.RAIN if name in names], last=today, only="value")
    rain = climate.rain_of(whole)
    if rain is None:
        return None
    return climate.records(whole.dates, Cut(rain, [None] * len(rain), rain), today=today)


def dated_records(sensor: Sensor, names: Sequence[str], *, today: date) -> dict[str, dict[Span, dict[str, Dated]]]:
    """Find the records of each quantity with the times of their readings: by name, span, "high" and "low"."""
    found = records(sensor, names, today=today)
    ends = {
        name: {span: {"high": spans[span].high, "low": spans[span].low} for span in SPANS}
        for name, spans in found.items()
    }
    at = _observed(
        sensor,
        [(name, each) for name, spans in ends.items() for both in spans.values() for each in both.values() if each],
    )
    return {
        name: {
            span: {end: Dated(each, at.get(_sought(name, each))) for end, each in both.items() if each}
            for span, both in spans.items()
        }
        for name, spans in ends.items()
    }


def instants_of(sensor: Sensor, summary: Summary) -> dict[tuple[str, bool], datetime]:
    """Look up when the extremes of a summary were observed, by quantity and whether it is the highest."""
    ends = {(name, True): extreme for name, extreme in summary.highs.items()}
    ends |= {(name, False): extreme for name, extreme in summary.lows.items()}
    at = _observed(sensor, [(name, extreme) for (name, _), extreme in ends.items()])
    found = {(name, is_high): at.get(_sought(name, extreme)) for (name, is_high), extreme in ends.items()}
    return {key: instant for key, instant in found.items() if instant}


def _observed(sensor: Sensor, extremes: Sequence[tuple[str, Extreme]]) -> dict[Sought, datetime]:
    """Look up the times of single readings; a day's rain has none."""
    sought = [_sought(name, extreme) for name, extreme in extremes if quantity(name).combine == "mean"]
    return observed(sensor.id, sought, calendar=calendar_of(sensor))


def _sought(name: str, extreme: Extreme) -> Sought:
    return Sought(name, extreme.value, extreme.day)


def normals(sensor: Sensor, name: str, *, per: Per, today: date) -> list[Normal]:
    """Compute the normals of one quantity for each calendar day or week, from all complete days before today."""
    past = days(sensor, [name], last=today - DAY, only="value")
    return climate.normals(past.dates, past.columns[name].value, per=per)


def month(sensor: Sensor, names: Sequence[str], *, year: int, number: int, today: date) -> Period:
    """Summarize a month and each of its days."""
    first = date(year, number, 1)
    last = min(next_month(first) - DAY, today)
    return _period(sensor, names, first, last, [(day, day) for day in _each_day(first, last)])


def year(sensor: Sensor, names: Sequence[str], *, year: int, today: date) -> Period:
    """Summarize a year and each of its months."""
    last = min(date(year, 12, 31), today)
    firsts = [date(year, number, 1) for number in range(1, 13)]
    parts = [(first, min(next_month(first) - DAY, last)) for first in firsts if first <= last]
    return _period(sensor, names, firsts[0], last, parts)


def _each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _period(
    sensor: Sensor, names: Sequence[str], first: date, last: date, parts: Sequence[tuple[date, date]]
) -> Period:
    wide = days(sensor, climatic(names), first=first - RAIN_BEFORE, last=last)
    silent = _silent_before(wide, first)
    if silent and (before := _last_day(sensor, silent, first)):
        wide = days(sensor, climatic(names), first=before, last=last)
    whole = replace(wide, rain=climate.rain_of(wide))
    found = [(begin, climate.summarise(whole.between(begin, end))) for begin, end in parts]
    summary = climate.summarise(whole.between(first, last))
    return Period(first, last, summary, [each for each in found if each[1].days])


def _silent_before(wide: Days, first: date) -> list[str]:
    """Return the counters that have a value since a day, and none in the days before it."""
    counters = [name for name in wide.columns if quantity(name).combine == "counter"]
    begins = {
        name: next(
            (day for day, value in zip(wide.dates, wide.columns[name].value, strict=True) if value is not None), None
        )
        for name in counters
    }
    return [name for name, begin in begins.items() if begin is not None and begin >= first]


def _last_day(sensor: Sensor, counters: Sequence[str], before: date) -> date | None:
    """Return the last day before another one on which a counter had a value: it may have been silent for long."""
    calendar = calendar_of(sensor)
    at = last_before(sensor.id, counters, calendar.begin(before))
    return None if at is None else calendar.day_of(at)

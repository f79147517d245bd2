"""`…/records`, `…/normals` and `…/climate` against the days of the readings."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal

from tests.truth.checks.differences import first, instant, of_figures, of_values
from tests.truth.oracle.climate import Days, Extreme, month_span, normals, summary
from tests.truth.oracle.quantities import COMBINES
from tests.truth.station import Station

ENDS: Final[tuple[Literal["max", "min"], ...]] = ("max", "min")
KELVIN_DAYS: Final = 0.05  # degree days are told to a tenth


def records(station: Station) -> list[str]:
    """Return the differences of the records of this month, this year and all time."""
    return first(_records(station))


def ordinary(station: Station) -> list[str]:
    """Return the differences of the normals by day and by week."""
    return first(_normals(station))


def periods(station: Station) -> list[str]:
    """Return the differences of the months and years that the readings touch."""
    return first(_periods(station))


def _averaged(station: Station) -> list[str]:
    return [name for name in station.names if COMBINES[name] == "mean"]


def _today(station: Station) -> date:
    return station.buckets.calendar.day(station.now.timestamp())


def _records(station: Station) -> Iterator[str]:
    days, today, is_retained = Days(station.buckets), _today(station), station.case.is_retained
    said = station.get("records", quantities=",".join(station.names))
    yield from of_values("records, today", said["today"], today.isoformat())
    begins = {"month": today.replace(day=1), "year": today.replace(month=1, day=1), "all": date.min}
    for span, begin in begins.items():
        for name in _averaged(station):
            told = said["records"].get(name, {}).get(span, {})
            for end in ENDS:
                true = days.extreme(name, end, begin, today)
                yield from _extreme(f"records, {span}, {end}", name, told.get(end), true, is_retained=is_retained)
        wettest = days.wettest(begin, today)
        told = said["records"].get("rain", {}).get(span, {}).get("max")
        yield from _extreme(f"records, {span}, max", "rain", told, wettest, is_retained=False)


def _extreme(
    what: str, name: str, said: Mapping[str, Any] | None, true: Extreme | None, *, is_retained: bool
) -> Iterator[str]:
    if said is None or true is None:
        yield from of_values(f"{what}, {name}", said, true)
        return
    yield from of_figures(what, name, {"value": said["value"]}, {"value": true.value})
    yield from of_values(f"{what}, {name}, day", said["day"], true.day.isoformat())
    # The first instant of the day that had it; after retention, the first of which the reading is left.
    might_be = true.instants if is_retained else true.instants[:1]
    if "at" in said and datetime.fromisoformat(said["at"]).timestamp() not in might_be:
        yield f"{what}, {name}, at: the platform says {said['at']}, the readings {[instant(at) for at in might_be]}"


def _normals(station: Station) -> Iterator[str]:
    days, today = Days(station.buckets), _today(station)
    pers: tuple[Literal["day", "week"], ...] = ("day", "week")
    for per in pers:
        said = {each[per]: each for each in station.get("normals", quantity="temperature", per=per)["normals"]}
        true = normals(days, "temperature", per, today)
        for part in ("mean", "low", "high", "years"):
            of_said = {place: each[part] for place, each in said.items()}
            of_true = {place: getattr(each, part) for place, each in true.items()}
            yield from of_figures(f"normals by {per}, {part}", "temperature", of_said, of_true, slack=0.006)


def _periods(station: Station) -> Iterator[str]:
    days, today = Days(station.buckets), _today(station)
    months = sorted({(day.year, day.month) for day in days.dates if day <= today})
    for year, month in months[:3] + months[-2:]:
        first_day, last_day = month_span(year, month)
        said = station.get("climate", year=year, month=month, quantities=",".join(station.names))
        yield from _summaries(station, f"{year}-{month:02}", said, days, first_day, min(last_day, today))
        for told in said["days"]:
            day = date(year, month, told["day"])
            yield from _summary(station, f"{day}", told, days, day, day)
    for year in sorted({year for year, _ in months}):
        said = station.get("climate", year=year, quantities=",".join(station.names))
        yield from _summaries(station, f"{year}", said, days, date(year, 1, 1), min(date(year, 12, 31), today))


def _summaries(
    station: Station, what: str, said: Mapping[str, Any], days: Days, begin: date, end: date
) -> Iterator[str]:
    yield from of_values(f"climate {what}, expected_days", said["expected_days"], (end - begin).days + 1)
    yield from _summary(station, what, said, days, begin, end)


def _summary(station: Station, what: str, said: Mapping[str, Any], days: Days, begin: date, end: date) -> Iterator[str]:
    true, told, what = summary(days, begin, end), said["quantities"], f"climate {what}"
    yield from of_values(f"{what}, days_with_readings", said["days_with_readings"], true.days)
    for name, mean in true.means.items():
        each = told.get(name, {})
        yield from of_figures(f"{what}, mean", name, {"": each.get("mean")}, {"": mean})
        for side in ENDS:
            extreme = days.extreme(name, side, begin, end)
            yield from _extreme(f"{what}, {side}", name, each.get(side), extreme, is_retained=station.case.is_retained)
    yield from of_figures(f"{what}, sum", "rain", {"": told.get("rain", {}).get("sum")}, {"": true.sums.get("rain")})
    direction = said.get("wind_from", {}).get("degrees")
    yield from of_figures(f"{what}, wind_from", "wind_direction", {"": direction}, {"": true.direction}, slack=0.1)
    for kind, value in true.degree_days.items():
        kelvin_days = said.get("degree_days", {}).get(kind, 0.0)
        yield from of_figures(f"{what}, {kind}", "temperature", {"": kelvin_days}, {"": value}, slack=KELVIN_DAYS)
    for kind, count in true.counted.items():
        yield from of_values(f"{what}, {kind}", said.get("counted_days", {}).get(kind, 0), count)

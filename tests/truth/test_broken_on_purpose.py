"""Each kind of fault is put into the platform once, and the oracle sees it: it would see it again."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from sensorfusion.domain import local_time
from sensorfusion.domain.restarts import Restarts
from sensorfusion.readings import queries
from sensorfusion.readings.charts import derived_columns, extremes, formats, wider_days
from sensorfusion.readings.charts import series as charts_series
from sensorfusion.readings.climate import queries as climate_queries
from sensorfusion.readings.rollups import long_days
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.rollups.buckets import Column
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.known import Known
from sensorfusion.readings.stored import selection
from sensorfusion.reports import queries as report_queries
from sensorfusion.reports import recent, records, sentences, tiles
from sensorfusion.reports.charts import axes, cards
from sensorfusion.web.values import display
from sensorfusion.web.values.numbers import Base
from tests.truth.checks import climate, latest, page, series, shapes
from tests.truth.made_data import Case
from tests.truth.page.scraped import scraped
from tests.truth.station import Station, standing

pytestmark = pytest.mark.django_db(transaction=True)
FIVE_MINUTES: Final = timedelta(minutes=5)


def report(span: str) -> Callable[[Station], list[str]]:
    return partial(page.differences, span=span)


def case(interval: str, *kinds: str, rain: str = "rain", starts_h: int = 6, is_retained: bool = False) -> Case:
    return Case("Europe/Warsaw", starts_h, interval, rain, frozenset(kinds), is_retained)


@dataclass(frozen=True)
class Fault:
    """A fault: what of the platform it replaces by what, and the case and the check that show it."""

    title: str
    case: Case
    check: Callable[[Station], list[str]]
    owner: Any
    name: str
    by: Any


def _by_seconds(self: Calendar, day: date) -> datetime:
    offset = datetime(2026, 1, 1, self.day_starts_h, tzinfo=UTC) - timedelta(hours=1)
    return offset + (day - date(2026, 1, 1))


def _without_the_end(self: Any, question: Any) -> tuple[datetime, datetime]:
    start, end = _clipped(self, question)
    return start, end - FIVE_MINUTES


def _to_the_hour(*args: Any, **named: Any) -> dict[Any, datetime]:
    found = _observed(*args, **named)
    return {sought: at.replace(minute=0, second=0) for sought, at in found.items()}


def _first_of(values: list[float]) -> float:
    return values[0]


def _filled(titled: Any) -> Iterator[tuple[str, str, list[float]]]:
    for label, unit, values in _columns_of_files(titled):
        yield label, unit, [value or 0.0 for value in values]


def _rounded(values: list[float | None], decimals: int, **_: Any) -> list[float | None]:
    return [None if value is None else round(value, decimals) for value in values]


def _in_utc(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    every, from_s = step.total_seconds(), start.timestamp()
    first = int(from_s // every + 1)
    many = int((end.timestamp() - from_s) // every)
    return [datetime.fromtimestamp((first + place) * every, start.tzinfo) for place in range(many)]


def _bar_of_utc(at: float, *, width_s: int, **_: Any) -> float:
    return at // width_s * width_s


def _of_means(*args: Any) -> str:
    station, name, column, span, shown = args
    return str(_sentence(station, name, Column(column.value, column.value, column.value), span, shown))


def _wet_begin(*args: Any) -> float | None:
    at = _wet_at(*args)
    return None if at is None else at // 3600 * 3600


def _without_prefix(shown: float, base: Base, digits: int) -> tuple[str, str]:
    return f"{shown:.2f}", base.symbol


def _of_the_day_before(text: str, when: str, day: date, is_new: bool) -> records.Record:
    return _record(text, when, day - timedelta(days=1), is_new)


_record = records.Record
_sentence, _wet_at = cards._sentence, recent.wet_at
_clipped = Known.clipped
_observed = extremes.observed
_columns_of_files = formats._columns
_CALM_BLOWS: Final = rollup_sql._WEIGHT.replace(" WHEN speed < {calm} THEN 0", "")
_LOWEST_FOR_MEAN: Final = {**long_days._VALUES, "mean": "numbers[{p}][2]"}
_GOOD_OR_BAD: Final = rollup_sql._GOOD.replace(" AND {flag} IS DISTINCT FROM {bad}", "")

FAULTS: Final = [
    Fault(
        "a rate is of the width of a bucket",
        case("1 h"), series.worked_out, derived_columns, "durations", lambda t: [300.0] * len(t),
    ),
    Fault("bad values count", case("1 h", "bad"), series.stored, rollup_sql, "_GOOD", _GOOD_OR_BAD),
    Fault(
        "calm winds have a direction",
        case("10 min", "calm", "zero"), series.stored, rollup_sql, "_WEIGHT", _CALM_BLOWS,
    ),
    Fault(
        "a counter that is silent over midnight goes on",
        case("1 d", rain="rain_day"), climate.periods, Restarts, "between", lambda *_, **__: False,
    ),
    Fault("readings from the future count", case("10 min", "future"), series.stored, selection, "TIMELY", "true"),
    Fault(
        "old values are combined with new ones",
        case("1 h", "old"), latest.differences, queries, "BELONGS_TOGETHER_S", 1e9,
    ),
    Fault("extremes are at full hours", case("10 min"), climate.records, climate_queries, "observed", _to_the_hour),
    Fault("days are arithmetic on seconds", case("1 h"), series.stored, Calendar, "begin", _by_seconds),
    Fault(
        "the hour at which days begin is not heard",
        case("1 h"), climate.periods, climate_queries, "calendar_of", lambda sensor: Calendar(sensor.site.time_zone),
    ),
    Fault("days of years have another source", case("1 h"), climate.periods, long_days, "_VALUES", _LOWEST_FOR_MEAN),
    Fault(
        "only rollups are left, and lose their end",
        case("5 min", is_retained=True), series.parts, Known, "clipped", _without_the_end,
    ),
    Fault("small means are nothing", case("10 min"), series.stored, charts_series, "rounded_means", _rounded),
    Fault(
        "what is sent now hides what was derived",
        case("1 h", rain="replaced"), series.stored, charts_series, "join", lambda *_: ({}, {}),
    ),
    Fault(
        "something is concluded from old values",
        case("irregular", "old"), report("24h"), report_queries.Station, "current", report_queries.Station.value,
    ),
    Fault(
        "something is concluded from bad values",
        case("10 min", "bad"), report("6h"), report_queries.Station, "good", report_queries.Station.value,
    ),
    Fault("marks of time are those of UTC", case("1 h"), report("7d"), axes, "_steps", _in_utc),
    Fault("bars are of UTC", case("10 min"), report("7d"), local_time, "bar_start_s", _bar_of_utc),
    Fault(
        "yesterday is 24 hours ago",
        case("5 min"), report("24h"), local_time, "day_before_s", lambda at, zone: at - 86400,
    ),
    Fault(
        "sentences of charts are of the drawn means",
        case("1 min"), report("24h"), cards, "_sentence", _of_means,
    ),
    Fault("a change is of another time than it says", case("10 min"), report("6h"), sentences, "HOUR_S", 7200),
    Fault("thousands are not grouped", case("10 min", rain="rain_total"), report("6h"), display, "grouped", str),
    Fault("small numbers are nothing", case("10 min"), report("6h"), display, "prefixed", _without_prefix),
    Fault("records lead to other days", case("1 d"), report("6h"), records, "Record", _of_the_day_before),
    Fault("several days are their first", case("1 h"), shapes.several_days, wider_days, "_mean", _first_of),
    Fault("a file has no empty cells", case("1 h", "missing"), shapes.formats, formats, "_columns", _filled),
    Fault("rain fell at the beginning of a bucket", case("1 min"), report("6h"), tiles, "wet_at", _wet_begin),
]  # fmt: skip


@pytest.fixture(autouse=True)
def statements() -> Iterator[None]:
    """Write the statements of queries again: their texts are cached, with the fault or without it."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("sensorfusion.readings."):
            for each in vars(module).values():
                getattr(each, "cache_clear", lambda: None)()


def test_a_figure_that_nothing_explains_is_seen() -> None:
    page_of = "<main><p>{}</p><svg><text>{}</text></svg></main>".format

    assert list(scraped(page_of("4 of them", "few"))) == ["unclaimed /p: 4 of them"]
    assert list(scraped(page_of("few", "7 %"))) == ["unclaimed /svg/text: 7 %"]
    assert list(scraped("<main><i title='12 mm'>rain</i></main>")) == ["unclaimed /i title: 12 mm"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_the_oracle_sees_it_when(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault.owner, fault.name, fault.by)

    with standing(fault.case) as broken:
        found = fault.check(broken)

    assert found
    assert all("the platform says" in line or line.startswith("…") for line in found)


def test_the_oracle_sees_nothing_in_the_same_data_when_nothing_is_broken() -> None:
    for made in {fault.case.name: fault.case for fault in FAULTS}.values():
        with standing(made) as station:
            checks = {fault.check for fault in FAULTS if fault.case == made}
            assert [line for check in checks for line in check(station)] == []

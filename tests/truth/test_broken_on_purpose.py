"""Each kind of fault is put into the platform once, and the oracle sees it: it would see it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from sensorfusion.domain.restarts import Restarts
from sensorfusion.readings import queries
from sensorfusion.readings.charts import derived_columns, extremes
from sensorfusion.readings.charts import series as charts_series
from sensorfusion.readings.climate import queries as climate_queries
from sensorfusion.readings.rollups import buckets as rollup_buckets
from sensorfusion.readings.rollups import long_days
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.rollups.days import Calendar
from tests.truth.checks import climate, latest, series
from tests.truth.made_data import Case
from tests.truth.station import Station, standing

pytestmark = pytest.mark.django_db(transaction=True)
FIVE_MINUTES: Final = timedelta(minutes=5)


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


def _rounded(values: list[float | None], decimals: int, **_: Any) -> list[float | None]:
    return [None if value is None else round(value, decimals) for value in values]


_clipped = rollup_buckets._Known.clipped
_observed = extremes.observed
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
    Fault("readings from the future count", case("10 min", "future"), series.stored, rollup_sql, "TIMELY", "true"),
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
        case("5 min", is_retained=True), series.parts, rollup_buckets._Known, "clipped", _without_the_end,
    ),
    Fault("small means are nothing", case("10 min"), series.stored, rollup_buckets, "rounded_means", _rounded),
    Fault(
        "what is sent now hides what was derived",
        case("1 h", rain="replaced"), series.stored, charts_series, "join", lambda *_: ({}, {}),
    ),
]  # fmt: skip


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

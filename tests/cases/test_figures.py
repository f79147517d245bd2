"""The table of docs/figures.md: what each figure does with values that are missing, zero, bad, calm, old or future.

Each case stores some readings of one day with the writer, and compares the figure with and without rollups.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from sensorfusion.domain.weather.climate import Summary
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings import queries as readings
from sensorfusion.readings.climate import queries as climate
from sensorfusion.readings.rollups.buckets import buckets
from sensorfusion.readings.rollups.question import Question
from sensorfusion.reports import queries as reports
from sensorfusion.reports.hero import hero
from sensorfusion.reports.recent import recent
from sensorfusion.reports.tiles import tiles
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.readings.rolled import Work, work

pytestmark = pytest.mark.django_db(transaction=True)
PAGE: Final = Path(__file__).parents[2] / "docs" / "figures.md"
DAY, TODAY = date(2026, 11, 21), date(2026, 11, 22)
START = datetime(2026, 11, 21, tzinfo=UTC)
NOW = START + timedelta(hours=36)


class R(NamedTuple):
    """A reading: hours after the beginning of the day, its values, which of them are bad, when it arrived."""

    hour: float
    values: Mapping[str, float]
    bad: tuple[str, ...] = ()
    arrived: float | None = None  # hours; None for at once


# The figures, of the sensor's day or as of now


def sensor_of(cast: Cast) -> Sensor:
    return Sensor.objects.select_related("site").get(pk=cast.sensor.pk)


def day_of(name: str) -> Callable[[Cast], Any]:
    def figure(cast: Cast) -> Any:
        calendar = climate.calendar_of(sensor_of(cast))
        end = START + timedelta(days=1)
        question = Question(sensor=cast.sensor.pk, quantities=(name,), start=START, end=end, calendar=calendar)
        column = buckets(question, "1d").columns[name]
        return [each for part in zip(column.value, column.low, column.high, strict=True) for each in part] or None

    return figure


def only(figure: Callable[[Cast], Any]) -> Callable[[Cast], Any]:
    return lambda cast: (figure(cast) or [None])[0]


def cell(cast: Cast) -> dict[date, Summary]:
    sensor = sensor_of(cast)
    names = list(readings.newest([sensor.pk])[sensor.pk].values)
    return dict(climate.month(sensor, names, year=2026, number=11, today=TODAY).parts)


def rain(cast: Cast) -> float | None:
    return sum(each.sums["rain"] for each in cell(cast).values() if "rain" in each.sums) if _has_rain(cast) else None


def _has_rain(cast: Cast) -> bool:
    return any("rain" in each.sums for each in cell(cast).values())


def record(cast: Cast) -> float | None:
    found = climate.records(sensor_of(cast), ["temperature"], today=TODAY)["temperature"]["all"].high
    return found.value if found else None


def climate_cell(cast: Cast) -> float | None:
    found = cell(cast).get(DAY)
    return found.means.get("temperature") if found else None


def normal(cast: Cast) -> list[float]:
    return [each.mean for each in climate.normals(sensor_of(cast), "temperature", per="day", today=TODAY)]


def latest(cast: Cast) -> Any:
    newest = readings.newest([cast.sensor.pk])[cast.sensor.pk]
    at = newest.older.get("temperature")
    is_bad = (newest.flags or {}).get("temperature") == 4
    return newest.values.get("temperature"), is_bad, at and (at - START.timestamp()) / 3600


def dew_point(cast: Cast) -> bool:
    sensor = sensor_of(cast)
    return "dew_point" in readings.derived_now(sensor, readings.newest([sensor.pk])[sensor.pk])


def station(cast: Cast) -> reports.Station:
    (found,) = reports.stations([sensor_of(cast)], now=NOW)
    return found


def sentence(cast: Cast) -> str:
    shown = station(cast)
    (tile,) = [each for each in tiles(shown, recent(shown), hero=None, system="metric") if each.quantity == "rain"]
    return tile.sentence.replace("\u00a0", " ")


def feels(cast: Cast) -> str:
    return hero(station(cast), "temperature", system="metric", today=None, yesterday={}).feels


# The cells: by figure and kind of value, the readings and the figure


AIR: Final = {"temperature": 4.0, "humidity": 50.0}
NO_WIND: Final = "4.0°"
WET: Final = {"rain": 0.2, "rain_rate": 12.0}


def temperatures(*more: R) -> tuple[R, ...]:
    return (R(6, {"temperature": 10.0}), R(7, {"temperature": 20.0}), *more)


FAR: Final = R(14, {"temperature": 99.0}, arrived=1)
WRONG: Final = R(8, {"temperature": 70.0}, bad=("temperature",))
NOTHING: Final = R(9, {"humidity": 50.0})
FREEZING: Final = R(8, {"temperature": 0.0})
NIGHT: Final = tuple(R(hour, {"wind_direction": 0.0, "wind_speed": 0.0}) for hour in range(16))
SOUTH: Final = tuple(R(hour, {"wind_direction": 180.0, "wind_speed": 3.0}) for hour in range(16, 24))


def of_temperature(plain: Any, with_zero: Any) -> dict[str, tuple[tuple[R, ...], Any]]:
    return {
        "missing": (temperatures(NOTHING), plain),
        "zero": (temperatures(FREEZING), with_zero),
        "bad": (temperatures(WRONG), plain),
        "future": (temperatures(FAR), plain),
    }


FIGURES: Final[dict[str, tuple[Callable[[Cast], Any], dict[str, tuple[tuple[R, ...], Any]]]]] = {
    "mean and extremes": (day_of("temperature"), of_temperature([15, 10, 20], [10, 0, 20])),
    "sum": (
        only(day_of("rain")),
        {
            "missing": ((NOTHING,), None),
            "zero": ((R(6, {"rain": 0.0}),), 0),
            "bad": ((R(6, {"rain": 1.5}), R(7, {"rain": 900.0}, bad=("rain",))), 1.5),
            "future": ((R(6, {"rain": 1.5}), R(14, {"rain": 5.0}, arrived=1)), 1.5),
        },
    ),
    "rain of a day": (
        rain,
        {
            "missing": ((R(6, {"rain": 8.0}), R(30, {"rain_total": 100.0}), R(32, {"rain_total": 121.0})), 29),
            "zero": ((R(6, {"rain": 0.0}),), 0),
            "bad": ((R(6, {"rain": 900.0}, bad=("rain",)), R(7, {"temperature": 1.0})), None),
            "old": ((R(3, {"rain_day": 0.0}), R(20, {"rain_day": 2.0}), R(32, {"rain_day": 4.0})), 6),
            "future": ((R(6, {"rain": 1.5}), R(14, {"rain": 5.0}, arrived=1)), 1.5),
        },
    ),
    "direction": (
        only(day_of("wind_direction")),
        {
            "missing": ((*SOUTH, R(12, {"wind_speed": 20.0})), 180),
            "zero": ((R(12, {"wind_direction": 0.0, "wind_speed": 3.0}),), 0),
            "bad": ((*SOUTH, R(12, {"wind_direction": 90.0, "wind_speed": 9.0}, bad=("wind_direction",))), 180),
            "calm": ((*NIGHT, *SOUTH), 180),
            "future": ((*SOUTH, R(15, {"wind_direction": 90.0, "wind_speed": 90.0}, arrived=1)), 180),
        },
    ),
    "record": (record, of_temperature(20, 20)),
    "climate cell": (climate_cell, of_temperature(15, 10) | {"missing": ((NOTHING,), None)}),
    "normal": (normal, of_temperature([15], [10])),
    "latest": (
        latest,
        {
            "missing": (temperatures(NOTHING), (20, False, 7)),
            "zero": (temperatures(FREEZING), (0, False, None)),
            "bad": (temperatures(WRONG), (70, True, None)),
            "calm": (temperatures(R(8, {"wind_speed": 0.0, "temperature": 9.0})), (9, False, None)),
            "old": (temperatures(R(30, {"humidity": 50.0})), (20, False, 7)),
            "future": (temperatures(FAR), (20, False, None)),
        },
    ),
    "derived now": (
        dew_point,
        {
            "missing": ((R(6, {"temperature": 10.0}),), False),
            "zero": ((R(6, {"temperature": 0.0, "humidity": 50.0}),), True),
            "bad": ((R(6, {"temperature": 70.0, "humidity": 50.0}, bad=("temperature",)),), False),
            "calm": ((R(6, {**AIR, "wind_speed": 0.0}),), True),
            "old": ((R(6, {"humidity": 50.0}), R(7, {"temperature": 10.0})), False),
            "future": ((R(6, {"temperature": 10.0}), R(7, {"humidity": 50.0}, arrived=1)), False),
        },
    ),
    "rain sentence": (
        sentence,
        {
            "missing": ((R(35.9, {"rain": 0.2}), R(36, {"rain": 0.2})), "last rain at 12:00"),
            "zero": ((R(35.9, WET), R(36, {"rain": 0.0, "rain_rate": 0.0})), "last rain at 11:54"),
            "old": ((R(34, WET), R(36, {"rain": 0.0})), "last rain at 10:00"),
            "future": ((R(36, {"rain": 0.2}), R(37, {"rain_rate": 12.0}, arrived=36)), "last rain at 12:00"),
        },
    ),
    "feels like": (
        feels,
        {
            "missing": ((R(36, {**AIR, "rain": 0.0}),), NO_WIND),
            "zero": ((R(36, {**AIR, "temperature": 0.0, "rain": 0.0}),), "0.0°"),
            "bad": ((R(36, {**AIR, "wind_speed": 20.0}, bad=("wind_speed",)),), NO_WIND),
            "calm": ((R(36, {**AIR, "wind_speed": 0.0}),), NO_WIND),
            "old": ((R(-200, {"wind_speed": 20.0}), R(36, AIR)), NO_WIND),
            "future": ((R(36, {**AIR, "rain": 0.0}), R(37, {"wind_speed": 20.0}, arrived=36)), NO_WIND),
        },
    ),
}
CELLS: Final = [(name, kind) for name, (_, kinds) in FIGURES.items() for kind in kinds]


@pytest.fixture
def chores() -> Iterator[Work]:
    made = work(NOW + timedelta(days=2))
    yield made
    made.connection.close()


def send(cast: Cast, each: R) -> None:
    at = START + timedelta(hours=each.hour)
    arrived = at if each.arrived is None else START + timedelta(hours=each.arrived)
    flags = dict.fromkeys(each.bad, 4) | ({"observed_at": 3} if at > arrived else {})
    draft = Draft(at, dict(each.values), flags or None, at > arrived)
    with WriterConnection(conninfo()) as writer:
        writer.store([WriteRequest(Source(cast.sensor.pk, str(cast.sensor.uuid)), arrived, [draft])])


@pytest.mark.parametrize(("name", "kind"), CELLS, ids=lambda each: each.replace(" ", "-"))
def test_each_figure_does_with_each_kind_of_value_what_the_table_says(
    cast: Cast, chores: Work, name: str, kind: str
) -> None:
    Site.objects.filter(pk=cast.site.pk).update(time_zone="UTC")
    figure, kinds = FIGURES[name]
    sent, expected = kinds[kind]
    for each in sorted(sent, key=lambda each: each.hour if each.arrived is None else each.arrived):
        send(cast, each)

    before = figure(cast)
    chores.all()

    assert before == expected
    assert figure(cast) == expected


def test_each_cell_of_the_table_has_a_test_and_each_test_a_cell() -> None:
    rows = [
        [cell.strip() for cell in line.strip("| \n").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| (?!Figure|-)", line)
    ]
    kinds = ("missing", "zero", "bad", "calm", "old", "future")

    cells = [(name, kind) for name, *said in rows for kind, each in zip(kinds, said, strict=True) if each != "–"]

    assert cells == [(name, kind) for name in FIGURES for kind in kinds if (name, kind) in CELLS]

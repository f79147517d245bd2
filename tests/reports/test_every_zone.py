"""The report page in zones where days are hard to divide, against plain arithmetic over the readings."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.reports import queries, words
from sensorfusion.reports.charts.cards import Card, cards, specs
from sensorfusion.reports.charts.spans import BARS, RANGES, RangeName, live
from sensorfusion.reports.comparison import same_time
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import extremes, recent
from sensorfusion.reports.report import report
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.domain.hard_zones import ZONES, changes, year_of
from tests.storing import store

STEP: Final = timedelta(minutes=30)
DAYS: Final = 9
STARTS_H: Final = (0, 9)
SKIPPED: Final = date(2011, 12, 30)  # by Samoa
Row = tuple[datetime, float, float]


def rows_until(now: datetime) -> list[Row]:
    """Return readings every half hour, 4 minutes late, each with a temperature and an amount of rain of its own."""
    first = now.replace(minute=4, second=0, microsecond=0) - timedelta(days=DAYS)
    instants = [first + number * STEP for number in range(DAYS * 48 + 2)]
    return [
        (at, round(10 + (number * 7919 % 1000) / 100, 2), round(number * 104729 % 17 / 10, 1))
        for number, at in enumerate(instants)
        if at <= now
    ]


def nows(zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the evening of a usual day, and some hours and a day after the last change of the clocks."""
    yield datetime(year_of(zone), 11, 22, 20, 10, tzinfo=zone).astimezone(UTC)
    for hours in (3, 27) if changes(zone) else ():
        yield datetime.fromtimestamp(changes(zone)[-1] + hours * 3600 + 600, UTC)


def day_of(at: datetime, zone: ZoneInfo, starts_h: int) -> date:
    wall = at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=starts_h)
    is_skipped = zone.key == "Pacific/Apia" and wall.date() == SKIPPED
    return SKIPPED - timedelta(days=1) if is_skipped else wall.date()


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest) -> ZoneInfo:
    return ZoneInfo(request.param)


@pytest.fixture
def walk(cast: Cast, zone: ZoneInfo) -> Callable[[], Iterator[tuple[Station, list[Row]]]]:
    def each() -> Iterator[tuple[Station, list[Row]]]:
        for number, now in enumerate(nows(zone)):
            site = Site.objects.create(name=f"Site {number}", time_zone=zone.key)
            sensor = Sensor.objects.create(site=site, name=f"Probe {number}", interval_s=STEP.total_seconds())
            rows = rows_until(now)
            store(sensor, [(at, {"temperature": degrees, "rain": fell}) for at, degrees, fell in rows])
            for starts_h in STARTS_H:
                Site.objects.filter(id=site.id).update(day_starts_h=starts_h)
                (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=now)
                yield station, rows

    return each


def drawn(station: Station, span: RangeName) -> dict[str, Card]:
    return {
        card.spec.id: card
        for card in cards(station, specs(station, "temperature"), live(station, span), system="metric")
    }


def today_of(station: Station, rows: list[Row]) -> list[Row]:
    starts_h = station.sensor.site.day_starts_h
    day = day_of(station.now, station.zone, starts_h)
    return [row for row in rows if day_of(row[0], station.zone, starts_h) == day]


def test_what_is_of_today(walk: Callable[[], Iterator[tuple[Station, list[Row]]]]) -> None:
    for station, rows in walk():
        today = today_of(station, rows)
        low, high = min(today, key=lambda row: row[1]), max(today, key=lambda row: row[1])

        made = report(station, live(station, "24h"), system="metric")

        found = extremes(station, "temperature", recent(station))
        assert found is not None
        assert [(each.value, each.at and each.at.timestamp()) for each in found] == [
            (row[1], row[0].timestamp()) for row in (low, high)
        ]
        assert made.hero is not None
        assert [(each.text, each.when) for each in made.hero.stats] == [
            (f"{row[1]:.1f}°", f"{row[0].astimezone(station.zone):%H:%M}") for row in (high, low)
        ]
        (rain,) = [tile for tile in made.tiles if tile.quantity == "rain"]
        assert float(rain.number) == pytest.approx(sum(row[2] for row in today), abs=0.051)


def test_the_month_so_far(walk: Callable[[], Iterator[tuple[Station, list[Row]]]]) -> None:
    for station, rows in walk():
        days = defaultdict(list)
        today = day_of(station.now, station.zone, station.sensor.site.day_starts_h)
        for at, degrees, _ in rows:
            days[day_of(at, station.zone, station.sensor.site.day_starts_h)].append(degrees)
        means = [
            sum(each) / len(each) for day, each in days.items() if (day.year, day.month) == (today.year, today.month)
        ]

        found = report(station, live(station, "24h"), system="metric").comparison

        assert found is not None
        assert found.month == f"{today:%B} so far"
        assert found.rows[0].month is not None
        assert float(found.rows[0].month.value) == pytest.approx(sum(means) / len(means), abs=0.001)


def test_yesterday_at_the_same_time(walk: Callable[[], Iterator[tuple[Station, list[Row]]]]) -> None:
    for station, rows in walk():
        assert station.observed_at is not None
        wall = station.observed_at.replace(tzinfo=None)
        by_wall = {at.astimezone(station.zone).replace(tzinfo=None): degrees for at, degrees, _ in reversed(rows)}
        expected = next(filter(None, (by_wall.get(wall - timedelta(days=days)) for days in (1, 2))))

        found = same_time(station, queries.day_before(station, ["temperature"]))

        assert found["temperature"] == expected


@pytest.mark.parametrize("span", RANGES)
def test_bars_hold_the_rain_of_their_time(
    walk: Callable[[], Iterator[tuple[Station, list[Row]]]], span: RangeName
) -> None:
    for station, rows in walk():
        starts_h, length_s = station.sensor.site.day_starts_h, BARS[span].length_s
        since = station.now.astimezone(UTC) - RANGES[span]
        inside = [row for row in rows if row[0] >= since]
        sums: dict[object, float] = defaultdict(float)
        for at, _, fell in inside:
            sums[_bar_of(at, station.zone, starts_h, length_s)] += fell

        card = drawn(station, span)["chart-rain"]

        total = sum(row[2] for row in inside)
        nothing = "No rain" if inside else "No readings"
        assert card.sentence.startswith(f"{total:.1f}" if total else nothing)
        assert [float(row[1]) for row in card.table.rows[::-1]] == pytest.approx([*sums.values()][-100:], abs=0.051)
        if length_s >= 86400:
            assert [row[0] for row in card.table.rows[::-1]] == [
                words.date(day) for day in sums if isinstance(day, datetime)
            ]


def _bar_of(at: datetime, zone: ZoneInfo, starts_h: int, length_s: int) -> object:
    """Return the bar's day, or for a part of a day its beginning by the wall clock and the clock's offset."""
    day = day_of(at, zone, starts_h)
    if length_s >= 86400:
        week = day - timedelta(days=day.weekday() if length_s > 86400 else 0)
        return datetime.combine(SKIPPED - timedelta(days=1) if week == SKIPPED else week, datetime.min.time())
    local = at.astimezone(zone)
    wall = local.replace(tzinfo=None) - timedelta(hours=starts_h)
    seconds = (wall - datetime.min).total_seconds() // length_s * length_s
    begin = datetime.min + timedelta(seconds=seconds, hours=starts_h)
    if zone.key == "Pacific/Apia" and begin.date() == SKIPPED and begin.time() > datetime.min.time():
        begin -= timedelta(days=1)  # a bar that began before the skipped day goes on after it
    # An hour that the clocks show twice has two bars, a longer bar has one.
    offsets = {begin.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    return begin, local.utcoffset() if len(offsets) > 1 and length_s <= 3600 else None


@pytest.mark.parametrize("span", RANGES)
def test_sentences_name_the_extremes_of_readings(
    walk: Callable[[], Iterator[tuple[Station, list[Row]]]], span: RangeName
) -> None:
    for station, rows in walk():
        values = [row[1] for row in rows if row[0] >= station.now.astimezone(UTC) - RANGES[span]]

        card = drawn(station, span)["chart-temperature"]

        said = f"Between {min(values):.1f} and {max(values):.1f}" if values else "No readings in the last"
        assert card.sentence.startswith(said)
        assert all(head in ("Time", "Day") for head in card.table.heads[:1])

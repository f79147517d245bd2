"""What pages of meters, tanks and freezers draw beside the main number, against the readings that the API tells."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.models import Site as SiteModel
from tests.conftest import Cast
from tests.readings.rolled import work
from tests.storing import store
from tests.truth.oracle.calendar import Calendar
from tests.truth.oracle.stored import BAD, all_readings
from tests.truth.page.tree import Element, parsed

# The evening after summer time ended in Europe; on Lord Howe, which changes by half an hour, a day before it begins.
AFTER_A_CHANGE: Final = datetime(2026, 10, 25, 17, 43, 20, tzinfo=UTC)
BEFORE_A_CHANGE: Final = datetime(2026, 10, 3, 16, 20, 10, tzinfo=UTC)
CASES: Final = {
    "Warsaw": ("Europe/Warsaw", 0, AFTER_A_CHANGE),
    "London, from 9": ("Europe/London", 9, AFTER_A_CHANGE),
    "Kathmandu": ("Asia/Kathmandu", 0, AFTER_A_CHANGE),
    "Lord Howe, from 9": ("Australia/Lord_Howe", 9, BEFORE_A_CHANGE),
    "the day of the change": ("Australia/Lord_Howe", 0, BEFORE_A_CHANGE + timedelta(hours=20)),
}
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("is_rolled_up", [False, True], ids=["readings", "rollups"]),
    pytest.mark.parametrize(("zone", "starts_h", "now"), CASES.values(), ids=CASES),
]
SILENCE_S: Final = 3_600
SLOT_S: Final = 300  # the same time of the day before is that of the five minutes
Numbers = Sequence[tuple[float, float]]


def became(cast: Cast, zone: str, starts_h: int, **fields: Any) -> None:
    SiteModel.objects.filter(pk=cast.site.pk).update(time_zone=zone, day_starts_h=starts_h)
    Sensor.objects.filter(pk=cast.sensor.pk).update(**fields)


def times(now: datetime, *, days: int, seed: int) -> list[datetime]:
    """Instants about 97 s apart, with three silences of some hours, none of them around a beginning of a day."""
    random, found, at = Random(seed), [], now - timedelta(days=days)
    while at < now - timedelta(seconds=20):
        found.append(at)
        at += timedelta(seconds=random.uniform(60, 134))
    silent = [now - timedelta(hours=hours) for hours in (5, 31, 80)]
    return [at for at in found if not any(each <= at < each + timedelta(hours=1.5) for each in silent)]


def shown(
    cast: Cast, rows: Sequence[tuple[datetime, dict[str, Any]]], name: str, now: datetime, *, is_rolled_up: bool
) -> tuple[Element, list[tuple[float, Any]]]:
    """Store readings; return the sensor's page, and what the API tells of a quantity that is not bad."""
    with time_machine.travel(now, tick=False):
        store(cast.sensor, rows)
        if is_rolled_up:
            chores = work(now)
            chores.all()
            chores.connection.close()
        client = Client()
        client.force_login(cast.owner)
        readings = all_readings(lambda address: client.get(address).json(), str(cast.sensor.uuid))
        told = [(each.at, each.values[name]) for each in readings if each.flags.get(name) != BAD]
        return parsed(client.get(f"/sensors/{cast.sensor.uuid}/").text), told


def calendar(zone: str, starts_h: int, now: datetime) -> Calendar:
    return Calendar(zone, starts_h, (now - timedelta(days=9)).date(), (now + timedelta(days=3)).date())


def grown(numbers: Numbers, start: float, end: float) -> float:
    """How much a counter grew: all of what it shows where it shows less than before, as it began again."""
    pairs = [pair for pair in pairwise(numbers) if start <= pair[1][0] < end]
    return sum(after - before if after >= before else after for (_, before), (_, after) in pairs)


def is_written(text: str, value: float) -> bool:
    """Whether a number is written as it is, but for the digits that are left out."""
    number = re.search(r"[\d,]+(?:\.(\d+))?", text)
    assert number, text
    return abs(float(number[0].replace(",", "")) - value) <= 0.5001 * 10.0 ** -len(number[1] or "")


def test_a_meter_s_day_beside_the_day_before(
    cast: Cast, zone: str, starts_h: int, now: datetime, is_rolled_up: bool
) -> None:
    random, counted, rows = Random(7), 5_310.2, []
    at_all = times(now, days=3, seed=7)
    for number, at in enumerate(at_all):
        counted = 0.0 if number == len(at_all) - 400 else counted + random.expovariate(30)  # another meter was put in
        rows.append((at, {"energy": round(counted, 4), "power": 1.2}))
    became(cast, zone, starts_h, kind="meter")
    shown_page, numbers = shown(cast, rows, "energy", now, is_rolled_up=is_rolled_up)
    bullet = shown_page.one("sf-bullet")

    days = calendar(zone, starts_h, now)
    begun = days.begin(now.timestamp())
    before = days.begin(begun - 1)
    same = same_time(zone, now) // SLOT_S * SLOT_S
    today, whole, by_now = (
        grown(numbers, *span) for span in ((begun, now.timestamp()), (before, begun), (before, same))
    )
    most = max(today, whole)
    assert float(bullet.attributes["data-total"]) == pytest.approx(today, rel=1e-7)
    assert float(bullet.attributes["data-most"]) == pytest.approx(most, rel=1e-7)
    assert is_written(bullet.one("p", of="said").text.split("today")[1], today)
    legend = bullet.one("p", of="legend").text
    clock, then, in_all = re.search(r"by (\d\d:\d\d) (\S+).*in all (\S+)", legend.replace("\u00a0", " ")).groups()  # type: ignore[union-attr]
    assert clock == datetime.fromtimestamp(same, ZoneInfo(zone)).strftime("%H:%M")
    assert is_written(then, by_now)
    assert is_written(in_all, whole)
    mark, width = (bullet.one(of=name).attributes for name in ("then", "so-far"))
    assert float(mark["x1"].rstrip("%")) == pytest.approx(by_now / most * 100, abs=0.006)
    assert float(width["width"].rstrip("%")) == pytest.approx(today / most * 100, abs=0.006)


def test_a_freezer_s_ruler_reaches_over_its_day(
    cast: Cast, zone: str, starts_h: int, now: datetime, is_rolled_up: bool
) -> None:
    random = Random(9)
    rows = [(at, {"temperature": round(-20 + random.uniform(-0.7, 0.7), 2)}) for at in times(now, days=2, seed=9)]
    became(cast, zone, starts_h, kind="freezer", quantities={"temperature": {"low": -25, "high": -18}})
    shown_page, numbers = shown(cast, rows, "temperature", now, is_rolled_up=is_rolled_up)
    ruler = shown_page.one("sf-ruler")

    begun = calendar(zone, starts_h, now).begin(now.timestamp())
    today = [value for at, value in numbers if begun <= at < now.timestamp()]
    low, high = (float(ruler.attributes[name]) for name in ("data-low", "data-high"))
    assert [float(each) for each in ruler.attributes["data-today"].split()] == [min(today), max(today)]
    band = ruler.one("rect", of="today").attributes
    assert float(band["x"].rstrip("%")) == pytest.approx((min(today) - low) / (high - low) * 100, abs=0.006)
    assert float(band["width"].rstrip("%")) == pytest.approx((max(today) - min(today)) / (high - low) * 100, abs=0.011)
    assert float(ruler.one("svg", of="now").attributes["x"].rstrip("%")) == pytest.approx(
        (numbers[-1][1] - low) / (high - low) * 100, abs=0.006
    )


def test_a_tank_says_where_it_was_a_week_ago(
    cast: Cast, zone: str, starts_h: int, now: datetime, is_rolled_up: bool
) -> None:
    random, level, rows = Random(3), 91.0, []
    for at in times(now, days=8, seed=3):
        level -= random.uniform(0, 0.01)
        rows.append((at, {"fill_level": round(level, 3)}))
    became(cast, zone, starts_h, kind="tank", quantities={"fill_level": {"unit": "%"}})
    shown_page, numbers = shown(cast, rows, "fill_level", now, is_rolled_up=is_rolled_up)
    vessel = shown_page.one("svg", of="vessel")

    week = now.timestamp() - 7 * 86_400
    then = [value for at, value in numbers if week - 1800 <= at < week + 1800]
    mean = sum(then) / len(then)
    line = vessel.one("line", of="limit").attributes
    assert float(line["y1"].rstrip("%")) == pytest.approx(100 - mean, abs=0.006)
    assert is_written(vessel.one("text", of="name").text.split("ago,")[1], mean)
    assert is_written(vessel.attributes["aria-label"], numbers[-1][1])


def same_time(zone: str, now: datetime) -> float:
    """Return the instant at which the clock of the day before shows the same time."""
    local = now.astimezone(ZoneInfo(zone))
    return (local.replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=ZoneInfo(zone)).timestamp()


def test_a_door_says_when_it_was_open_today(
    cast: Cast, zone: str, starts_h: int, now: datetime, is_rolled_up: bool
) -> None:
    random, is_open, rows = Random(5), False, []
    for at in times(now, days=2, seed=5):
        is_open ^= random.random() < 0.03
        rows.append((at, {"contact": is_open}))
    became(cast, zone, starts_h, kind="contact")
    shown_page, states = shown(cast, rows, "contact", now, is_rolled_up=is_rolled_up)
    strip = shown_page.one("sf-spans")

    begun, end = calendar(zone, starts_h, now).begin(now.timestamp()), now.timestamp()
    spans = spans_of(states, begun, end)
    opened = [(start, until) for start, until, state in spans if state]
    unknown_s = end - begun - sum(until - start for start, until, _ in spans)
    total_s = sum(until - start for start, until in opened)
    # A silence while it is open does not make it two; docs/figures.md.
    times_open = sum(state and not (place and spans[place - 1][2]) for place, (_, _, state) in enumerate(spans))
    assert times_open >= 3
    assert strip.one(data_fact="states").text == (
        f"open {times_open} times today, {lasted(total_s)} in all · no data {lasted(unknown_s)}"
    )
    since = next(start for start, until, state in reversed(spans_of(states, 0.0, end)))
    word = "Open" if states[-1][1] else "Closed"
    assert strip.one(data_fact="headline").text == f"{word} since {clock(zone, since, now)}"
    rows_shown = [[cell.text for cell in row.all()] for row in strip.one("tbody").all("tr")]
    assert rows_shown == [
        [
            minute(zone, start),
            "now" if until == end else minute(zone, until),
            lasted(until - start),
            "open" if state else "closed",
        ]
        for start, until, state in reversed(spans)
    ]


def spans_of(states: Sequence[tuple[float, Any]], begun: float, end: float) -> list[tuple[float, float, bool]]:
    """A state lasts until the next reading, unless a silence of hours is between them; the last one until now."""
    found: list[tuple[float, float, bool]] = []
    for (at, state), (following, _) in pairwise([*states, (end, None)]):
        until = following if following - at < SILENCE_S else at
        if found and found[-1][2] == state and found[-1][1] == at:
            found[-1] = (found[-1][0], until, state)
        else:
            found.append((at, until, state))
    cut = [(max(start, begun), min(until, end), state) for start, until, state in found]
    return [span for span in cut if span[0] < span[1]]


def lasted(seconds: float) -> str:
    """Seconds up to two minutes, then minutes, and hours with their minutes."""
    if seconds < 119.5:
        return f"{int(seconds + 0.5)} s"
    hours, minutes = divmod(int(seconds / 60 + 0.5), 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes or not hours else [])])


def minute(zone: str, at: float) -> str:
    """The time of the clock, as a table of the site's day has it."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%H:%M")


def clock(zone: str, at: float, now: datetime) -> str:
    """The time of the clock; another date is named."""
    local = datetime.fromtimestamp(at, ZoneInfo(zone))
    return (
        local.strftime("%H:%M") if local.date() == now.astimezone(ZoneInfo(zone)).date() else f"{local:%-d %b, %H:%M}"
    )

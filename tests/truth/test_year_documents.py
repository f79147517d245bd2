"""The report of a year: every figure of its page, its table file and its text against the readings alone."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any, Final

import pytest
import time_machine
from django.test import Client

from sensorfusion.readings.models import Reading
from sensorfusion.readings.storage.retention import Retention
from sensorfusion.sensors.models import Site as SiteModel
from tests.conftest import Cast
from tests.documents.oracle import Expected, Site, weather
from tests.readings.rolled import Work, chores_at
from tests.storing import store
from tests.truth.oracle.stored import all_readings
from tests.truth.oracle.year import CLASSES, Year, year_of
from tests.truth.page.tree import Element, parsed

NOW: Final = datetime(2027, 6, 1, 12, tzinfo=UTC)
YEAR: Final = 2026
STEP_S: Final = 3600
POINTS: Final = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"]
SITES: Final = {
    "north": Site("Europe/Warsaw"),
    "south": Site("Australia/Sydney"),
    "days begin at 9": Site("Europe/London", 9),
    "days begin at 9, half an hour of summer time": Site("Australia/Lord_Howe", 9),
}
chores = chores_at(NOW)
Difference = str


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("site", SITES.values(), ids=SITES)
def test_every_figure_of_a_year_is_that_of_its_readings(cast: Cast, chores: Work, site: Site) -> None:
    SiteModel.objects.filter(pk=cast.site.pk).update(time_zone=site.zone, day_starts_h=site.day_starts_h)
    made = weather(site, date(YEAR - 1, 12, 29), date(YEAR + 1, 1, 3), seed=len(site.zone), step_s=STEP_S)
    with time_machine.travel(NOW, tick=False):
        store(cast.sensor, [(at, values) for at, values in made if not _is_silent(site.day_of(at))])
        browser = Client()
        browser.force_login(cast.owner)
        readings = all_readings(lambda address: browser.get(address).json(), str(cast.sensor.uuid))
        year = year_of(site, YEAR, readings)

        assert wrong(browser, cast, year) == []

        chores.all()
        assert wrong(browser, cast, year) == []

        SiteModel.objects.update(keep_months=1)
        while Retention(now=lambda: NOW, sleep=lambda _: None).run(chores.connection):
            pass
        assert not Reading.objects.filter(sensor=cast.sensor, observed_at__lt=site.begin(date(YEAR, 12, 1))).exists()
        assert wrong(browser, cast, year) == []


def _is_silent(day: date) -> bool:
    """A month without any reading, and a week over the end of another one."""
    return day.month == 8 or date(YEAR, 5, 28) <= day <= date(YEAR, 6, 3)


def wrong(browser: Client, cast: Cast, year: Year) -> list[Difference]:
    def get(ending: str) -> str:
        answer: Any = browser.get(f"/sensors/{cast.sensor.uuid}/reports/{YEAR}{ending}")
        assert answer.status_code == 200
        return (answer.content if not answer.streaming else b"".join(answer)).decode()

    return [*page(parsed(get("/")), year), *file(get(".csv"), year), *text(get(".txt"), year)]


# ── The page ─────────────────────────────────────────────────────────


def page(found: Element, year: Year) -> Iterator[Difference]:
    table = found.one(of="climate").one("table")
    rows = [[cell.text for cell in row.all()] for row in table.one("tbody").all("tr")]
    months = [month for month in range(1, 13) if year.part(month).days]
    if len(rows) != len(months):
        yield f"page: {len(rows)} months, true {len(months)}"
    for month, row in zip(months, table.one("tbody").all("tr"), strict=False):
        yield from cells(f"page, month {month}", row, year.part(month))
    yield from cells("page, year", table.one("tfoot").one("tr"), year)
    yield from calendar(found, year)
    yield from classes(found, year)
    total = found.one(of="plot", data_hue="rain").one("svg").attributes["aria-label"].split(f"{YEAR} ")[-1]
    yield from near("page, rain since January", total, sum(year.values("rain")), 1)


def cells(where: str, row: Element, part: Year) -> Iterator[Difference]:
    said = [cell.text for cell in row.all("td")][:12]
    (high, on_high), (low, on_low) = part.end("high", max), part.end("low", min)
    numbers = {
        0: part.mean("mean"),
        1: part.mean("high"),
        2: part.mean("low"),
        3: high,
        5: low,
        7: sum(part.values("rain")),
        8: max(part.values("rain")),
        9: part.mean("wind"),
        10: max(part.values("gust")),
    }
    for place, number in numbers.items():
        yield from near(f"{where}, column {place}", said[place], number, 1)
    for place, day in ((4, on_high), (6, on_low)):
        yield from same(f"{where}, column {place}", said[place], f"{day.day} {day:%b}")
    yield from point(f"{where}, direction", said[11], part.direction)


def calendar(found: Element, year: Year) -> Iterator[Difference]:
    titles = [each.one("title").text for each in found.one(of="doc-calendar").all("rect")]
    day = date(YEAR, 1, 1)
    for title in titles:
        said, told = title.partition(": ")[2], year.days.get(day)
        if told is None:
            yield from same(f"calendar, {day}", said, "no readings")
        else:
            yield from near(f"calendar, {day}", said.removesuffix(" °C"), told.mean, 1)
        day += timedelta(days=1)
    yield from same("calendar, days", str(len(titles)), "365")


def classes(found: Element, year: Year) -> Iterator[Difference]:
    rows = {
        each.one("dt").text.partition(",")[0]: each.one("dd").text for each in found.one("dl", of="rows").all("div")
    }
    yield from same("counted days", " ".join(rows), " ".join(CLASSES))
    for name, (part, holds) in CLASSES.items():
        yield from same(f"counted days, {name}", rows.get(name, ""), str(year.count(part, holds)))


# ── The files ────────────────────────────────────────────────────────


def file(said: str, year: Year) -> Iterator[Difference]:
    rows = list(csv.DictReader(StringIO(said)))
    yield from same("file, days", str(len(rows)), "365")
    for row in rows:
        day = date.fromisoformat(row["day"])
        told = year.days.get(day)
        yield from same(f"file, {day}, hours", row["hours_with_readings"], str(told.read if told else 0))
        length = (year.site.begin(day + timedelta(days=1)) - year.site.begin(day)) // timedelta(hours=1)
        yield from same(f"file, {day}, length", row["hours"], str(length))
        yield from of_day(row, told, day)


def of_day(row: dict[str, str], told: Expected | None, day: date) -> Iterator[Difference]:
    named = {
        "temperature_mean": "mean",
        "temperature_high": "high",
        "temperature_low": "low",
        "heating_degree_days": "heating",
        "cooling_degree_days": "cooling",
        "rain": "rain",
        "wind_mean": "wind",
        "wind_top": "gust",
        "wind_direction": "direction",
    }
    for column, part in named.items():
        said = next(text for name, text in row.items() if name.split(" ")[0] == column)
        number = getattr(told, part) if told else None
        if part == "direction" and said and number is not None:
            yield from turned(f"file, {day}, direction", float(said), number)
        else:
            yield from near(f"file, {day}, {column}", said, number, 2)


def text(said: str, year: Year) -> Iterator[Difference]:
    """Compare the three tables of the text: a line for each month, and one for the year below a rule."""
    lines = said.splitlines()
    tables = [[line.split() for line in lines[start + 1 : start + 15]] for start in _rules(lines)]
    yield from same("text, tables", str(len(tables)), "3")
    for place, of_table in enumerate((warmth, fell, blew)):
        for month, line in enumerate(tables[place][:12], start=1):
            part = year.part(month)
            if not part.days:
                yield from same(f"text, month {month}", " ".join(line), f"{YEAR} {month:02}")
            else:
                yield from of_table(f"text {place}, month {month}", line[2:], part, "%d")
        yield from of_table(f"text {place}, year", tables[place][13], year, "%b")


def _rules(lines: list[str]) -> list[int]:
    rules = [place for place, line in enumerate(lines) if line and not line.strip("-")]
    return rules[::2]


def warmth(where: str, said: list[str], part: Year, day: str) -> Iterator[Difference]:
    (high, on_high), (low, on_low) = part.end("high", max), part.end("low", min)
    numbers = [part.mean("high"), part.mean("low"), part.mean("mean")]
    numbers += [sum(part.values("heating")), sum(part.values("cooling"))]
    for text_, number in zip(said, numbers, strict=False):
        yield from near(f"{where}, warmth", text_, number, 1)
    yield from near(f"{where}, high", said[5], high, 1)
    yield from near(f"{where}, low", said[7], low, 1)
    yield from same(f"{where}, days", f"{said[6]} {said[8]}", f"{on_high:{day}} {on_low:{day}}")
    limits = [("high", 30, 1), ("high", 0, -1), ("low", 0, -1), ("low", -20, -1)]
    counts = [sum(value * way >= at * way for value in part.values(name)) for name, at, way in limits]
    yield from same(f"{where}, counts", " ".join(said[9:]), " ".join(map(str, counts)))


def fell(where: str, said: list[str], part: Year, day: str) -> Iterator[Difference]:
    most, on = part.end("rain", max)
    yield from near(f"{where}, rain", said[0], sum(part.values("rain")), 1)
    yield from near(f"{where}, most", said[1], most, 1)
    yield from same(f"{where}, wettest", said[2], f"{on:{day}}")
    counts = [sum(value >= at - 1e-6 for value in part.values("rain")) for at in (0.3, 3.0, 30.0)]
    yield from same(f"{where}, wet days", " ".join(said[3:]), " ".join(map(str, counts)))


def blew(where: str, said: list[str], part: Year, day: str) -> Iterator[Difference]:
    top, on = part.end("gust", max)
    yield from near(f"{where}, wind", said[0], part.mean("wind"), 1)
    yield from near(f"{where}, top", said[1], top, 1)
    yield from same(f"{where}, stormiest", said[2], f"{on:{day}}")
    yield from turned(f"{where}, direction", float(said[3]), part.direction)


# ── How figures are compared ─────────────────────────────────────────


def near(where: str, said: str, number: float | None, decimals: int) -> Iterator[Difference]:
    """A text is a number rounded to its decimals; means come from rollups, which keep a thousandth."""
    if number is None or said in ("", "–"):
        if not (number is None and said in ("", "–")):
            yield f"{where}: said {said!r}, true {number}"
        return
    found = float(said.replace("\N{MINUS SIGN}", "-").replace(",", ""))
    if abs(found - number) > 0.5 * 10.0**-decimals + 0.003:
        yield f"{where}: said {said!r}, true {number}"


def same(where: str, said: str, true: str) -> Iterator[Difference]:
    if said != true:
        yield f"{where}: said {said!r}, true {true!r}"


def turned(where: str, said: float, true: float | None) -> Iterator[Difference]:
    if true is None or abs((said - true + 180) % 360 - 180) > 0.7:
        yield f"{where}: said {said}, true {true}"


def point(where: str, said: str, true: float | None) -> Iterator[Difference]:
    """A direction near the border of two points may be either."""
    near_by = {POINTS[round((true + by) / 22.5) % 16] for by in (-0.2, 0.2)} if true is not None else {"–"}
    if said not in near_by:
        yield f"{where}: said {said!r}, true {true}"

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.explore.chooser import choosable
from sensorfusion.explore.models import SavedComparison
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LAST = NOON - timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def shed(cast: Cast) -> Sensor:
    """A second sensor beside the orchard's, with which everything can be compared."""
    observe(cast.sensor, until=LAST)
    second = Sensor.objects.create(site=cast.site, name="Shed", status="active")
    store(second, [(at, {"temperature": 5.0, "co2": 420}) for at in every(300, 288, until=LAST)])
    return second


def get(operator: Operator, query: str = "", path: str = "/explore/", **cookies: str) -> Any:
    client = Client()
    client.cookies.load(cookies)
    client.force_login(operator)
    return client.get(f"{path}?{query}")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def page(operator: Operator, query: str = "", **cookies: str) -> str:
    answer = get(operator, query, **cookies)
    assert answer.status_code == 200
    return str(answer.content.decode())


def both(cast: Cast, shed: Sensor, quantity: str = "temperature") -> str:
    return f"s={cast.sensor.uuid}:{quantity}&s={shed.uuid}:{quantity}"


def test_every_number_of_every_sensor_can_be_chosen(cast: Cast, shed: Sensor) -> None:
    html = page(cast.owner)

    assert f'value="{shed.uuid}:co2"' in html
    assert f'value="{cast.sensor.uuid}:temperature"' in html
    assert f'value="{cast.sensor.uuid}:dew_point"' in html
    assert "Choose what to look at." in words(html)


def test_a_derived_quantity_has_its_present_value(cast: Cast, shed: Sensor) -> None:
    [(_, groups)] = choosable(operator=cast.owner, chosen=[], now=NOON, system="metric")
    station = next(group for group in groups if group.station.sensor == cast.sensor)
    shown = {each.name.quantity: each.value.replace("\u2212", "-") for each in station.options}

    assert float(shown["dew_point"]) <= float(shown["temperature"])


@pytest.mark.parametrize("mode", ["time", "multiples", "scatter", "distribution", "table"])
def test_each_view_is_drawn_without_scripts(cast: Cast, shed: Sensor, mode: str) -> None:
    html = page(cast.owner, f"{both(cast, shed)}&m={mode}")

    assert "Orchard station" in words(html)
    assert "Figures for the span" in words(html)
    if mode != "table":
        assert re.search(r'<path class="(line|pairs)"[^>]* d="M[^"]+"', html)


def test_sensors_of_one_quantity_have_colours_of_their_own_and_dashes(cast: Cast, shed: Sensor) -> None:
    html = page(cast.owner, both(cast, shed))

    assert '<g data-hue="s1">' in html
    assert re.search(r'<g data-hue="s2">.*?data-dash="1"', html, re.DOTALL)


def test_a_third_unit_is_not_drawn_but_offered_as_multiples(cast: Cast, shed: Sensor) -> None:
    series = "&".join(f"s={cast.sensor.uuid}:{name}" for name in ("temperature", "humidity", "pressure"))

    told = words(page(cast.owner, series))

    assert "both scales are taken" in told
    assert "Show as multiples" in told
    assert "both scales are taken" not in words(page(cast.owner, f"{series}&m=multiples"))


@pytest.mark.parametrize(
    ("compare", "told"),
    [
        ("c=second", "Orchard station minus Shed"),
        ("c=yesterday", "Orchard station minus the day before"),
        ("c=second&op=ratio", "no ratio of temperatures"),
    ],
)
def test_a_comparison_says_what_it_is(cast: Cast, shed: Sensor, compare: str, told: str) -> None:
    assert told in words(page(cast.owner, f"{both(cast, shed)}&{compare}"))


def drawn(html: str) -> list[dict[str, Any]]:
    """Return the data of the pictures, as the page's script reads it."""
    found = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(each) for each in found]


def test_the_first_series_is_compared_with_the_second(cast: Cast, shed: Sensor) -> None:
    html = page(cast.owner, f"{both(cast, shed)}&c=second")

    series, difference = drawn(html)

    temperatures = series["lines"][0]["v"]
    assert sorted(difference["lines"][0]["v"]) == sorted(value - 5 for value in temperatures)
    mean = sum(temperatures) / len(temperatures) - 5
    assert f"on average {mean:+.1f} °C".replace("-", "−") in words(html)


@pytest.mark.parametrize(("level", "unit", "shown"), [("32", "°F", "0"), ("0", "°C", "0"), ("0", "", "0")])
def test_a_level_keeps_its_unit_for_who_reads_in_another(
    cast: Cast, shed: Sensor, level: str, unit: str, shown: str
) -> None:
    told = {
        system: page(cast.owner, f"{both(cast, shed)}&level={level}&unit={unit}", units=system)
        for system in ("metric", "us")
    }

    assert f'name="level" inputmode="decimal" value="{shown}"' in " ".join(told["metric"].split())
    if unit:
        assert 'inputmode="decimal" value="32"' in " ".join(told["us"].split())
        rows = [re.findall(r"\d+ h, \d+ %", words(each)) for each in told.values()]
        assert rows[0] == rows[1] != []


def test_what_one_may_not_see_is_left_out_and_said(cast: Cast, shed: Sensor) -> None:
    html = page(cast.outsider, both(cast, shed))

    assert "2 series of this address are not shown" in words(html)
    assert "Shed" not in html


def test_dates_of_the_form_are_those_of_the_site(cast: Cast, shed: Sensor) -> None:
    answer = get(cast.owner, f"{both(cast, shed)}&from=2026-11-21T00:00&to=2026-11-22T00:00")
    begin = int(datetime(2026, 11, 20, 23, tzinfo=UTC).timestamp())  # midnight in Warsaw

    assert answer.status_code == 302
    assert f"from={begin}&to={begin + 86400}" in answer["Location"]
    assert "21 November 2026 to 22 November 2026" in words(page(cast.owner, answer["Location"].partition("?")[2]))


def test_a_file_has_units_and_the_time_zone(cast: Cast, shed: Sensor) -> None:
    answer = get(cast.member, both(cast, shed), "/explore/csv/")
    head, first, *_ = csv.reader(io.StringIO(answer.content.decode()))

    assert head == ["time (Europe/Warsaw)", "time (UTC)", "Orchard station temperature (°C)", "Shed temperature (°C)"]
    assert first[0].endswith("+01:00")
    assert get(cast.outsider, both(cast, shed), "/explore/csv/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("owner", 1), ("editor", 1), ("member", 0), ("outsider", 0)])
def test_editors_save_a_comparison_for_all_members(cast: Cast, shed: Sensor, who: str, status: int) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    form = {"name": "Frost", "site": str(cast.site.uuid), "query": f"{both(cast, shed)}&r=7d"}

    client.post("/explore/saved/", form)

    assert SavedComparison.objects.count() == status
    if status:
        saved = SavedComparison.objects.get()
        opened = get(cast.member, path=f"/explore/saved/{saved.uuid}/")
        assert "r=7d" in opened["Location"]
        assert "Frost" in words(page(cast.member, opened["Location"].partition("?")[2]))
        assert "Frost" not in page(cast.outsider)
        assert get(cast.outsider, path=f"/explore/saved/{saved.uuid}/").status_code == 404


def test_a_name_is_needed_and_something_to_save(cast: Cast, shed: Sensor) -> None:
    client = Client()
    client.force_login(cast.owner)
    for form in ({"name": " ", "query": both(cast, shed)}, {"name": "Frost", "query": ""}):
        client.post("/explore/saved/", {**form, "site": str(cast.site.uuid)})

    assert SavedComparison.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["r=30d", "r=1y&roll=24", "from=0&to=1700000000", "r=1h&c=year", "roll=6&m=multiples"]
)
def test_any_span_is_drawn(cast: Cast, shed: Sensor, query: str) -> None:
    assert "Figures for the span" in words(page(cast.owner, f"{both(cast, shed)}&{query}"))


def test_german_readers_compare_in_german(cast: Cast, shed: Sensor) -> None:
    answer = get(cast.owner, f"{both(cast, shed)}&c=second", language="de")
    said = words(answer.content.decode())

    assert "Die letzten 24 Stunden" in said
    assert "Wo Messungen fehlen, ist nichts gezeichnet." in said
    assert re.search(r"Je Stundenmittel: im Mittel [+−]?\d+,\d °C, \d+ % der Zeit über null\.", said)
    assert "Kennzahlen des Zeitraums" in said
    assert "Figures" not in said

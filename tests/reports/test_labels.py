"""Names that people gave to fields of their devices are shown wherever the quantities are, on that sensor's pages."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine

from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import SourceField
from tests.conftest import Cast
from tests.reports.test_pages import LAST, NOON, address, page, words
from tests.reports.weather import observe

CYRILLIC = "Температура в гараже"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def label(sensor: Sensor, **labels: str) -> None:
    SourceField.objects.bulk_create(
        SourceField(sensor=sensor, source=text, quantity=quantity, label=text) for quantity, text in labels.items()
    )


def data_of(html: str) -> Any:
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_the_report_shows_labels_in_tiles_charts_and_tables(cast: Cast) -> None:
    label(cast.sensor, garage=CYRILLIC, temperature="Vorlauf °C")
    observe(cast.sensor, until=LAST, values={"temperature": 8.0, "garage": 4.5})

    html = page(cast.owner, address(cast.sensor))

    assert re.search(rf'<h3><i class="swatch"></i><bdi><a href="/explore/[^>]+>{CYRILLIC}</a></bdi>', html)
    assert 'data-title="Vorlauf °C"' in html
    assert "Vorlauf °C, °C" in words(html)
    assert data_of(html)["quantities"]["garage"]["label"] == CYRILLIC


def test_a_label_is_text_and_nothing_else(cast: Cast) -> None:
    label(cast.sensor, temperature=HOSTILE, garage=HOSTILE + "2")
    observe(cast.sensor, until=LAST, values={"temperature": 8.0, "garage": 4.5})

    for path in (address(cast.sensor), "/", address(cast.sensor, "start/")):
        html = page(cast.owner, path)
        assert "<script>alert" not in html
        assert HOSTILE[:20] in unescape(html)


def test_a_sensors_labels_are_not_those_of_another_on_the_overview(cast: Cast) -> None:
    other = Sensor.objects.create(site=cast.site, name="Cellar")
    for sensor in (cast.sensor, other):
        observe(sensor, until=LAST, values={"garage": 4.5, "temperature": 8.0})
    label(cast.sensor, garage=CYRILLIC)

    html = page(cast.owner)

    assert words(html.partition('<script id="page-data"')[0]).count(CYRILLIC) == 1
    assert data_of(html)["quantities"]["garage"]["label"] == "Garage"


def test_a_second_probe_stands_beside_the_first_under_a_name_that_tells_it_apart(cast: Cast) -> None:
    values = {"temperature": 8.0, "temperature:a2": 3.5, "humidity": 60, "soil_moisture:25cm": 31, "power_2": 12}
    observe(cast.sensor, until=LAST, values=values)

    told = words(page(cast.owner, address(cast.sensor)).partition('<script id="page-data"')[0])

    assert "Temperature a2" in told
    assert "Soil moisture 25cm" in told
    assert "Power 2" in told


def test_a_second_probe_may_be_the_main_number(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"battery:a1": 80, "temperature:a2": 3.5})

    html = page(cast.owner, address(cast.sensor))

    assert "<b>3.5</b><span>°C</span>" in html
    assert "Battery a1 80 %" in words(html)

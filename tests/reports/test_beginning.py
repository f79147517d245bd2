"""The first day of a sensor: how many readings there are, and a range that grows with their age."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from sensorfusion.reports.beginning import labelled
from sensorfusion.reports.charts.spans import grown
from sensorfusion.reports.words import so_far
from tests.conftest import Cast
from tests.reports.weather import observe

pytestmark = pytest.mark.django_db

LAST = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age_s", "name"), [(0, "5m"), (300, "5m"), (301, "1h"), (3601, "6h"), (80_000, "24h"), (1e9, "24h")]
)
def test_the_range_contains_the_age_of_the_data(age_s: float, name: str) -> None:
    assert grown(age_s) == name


def test_few_readings_are_counted() -> None:
    assert so_far(1, None) == "1 reading so far"
    assert so_far(3, 4) == "3 readings so far, about every 4\N{NO-BREAK SPACE}s"


def test_a_new_sensor_has_a_short_range_and_an_old_one_a_day(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, hours=3)
    client = Client()
    client.force_login(cast.owner)

    with time_machine.travel(LAST + timedelta(minutes=2)):
        young = client.get(f"/sensors/{cast.sensor.uuid}/").text
    with time_machine.travel(LAST + timedelta(days=3)):
        old = client.get(f"/sensors/{cast.sensor.uuid}/").text

    assert 'data-range="6h"' in young.split("<div")[0] or 'data-query="r=6h"' in young
    assert 'href="?r=5m"' in young
    assert 'data-query="r=24h"' in old
    assert 'href="?r=5m"' not in old
    assert "beginning" not in old


def test_years_have_another_letter_in_german() -> None:
    assert dict(labelled())["1y"] == "1\u00a0y"
    with translation.override("de"):
        assert dict(labelled())["1y"] == "1\u00a0J"
        assert dict(labelled())["24h"] == "24\u00a0h"

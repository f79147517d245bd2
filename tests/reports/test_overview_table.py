"""The overview of many sensors: a table, small enough to load."""

import zlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe

pytestmark = pytest.mark.django_db

LAST = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
MANY = 224
MOST_BYTES = 120_000  # compressed


def page(cast: Cast, query: str = "", *, after: timedelta = timedelta(minutes=5)) -> str:
    client = Client()
    client.force_login(cast.owner)
    with time_machine.travel(LAST + after, tick=False):
        return client.get(f"/{query}").text


def test_more_than_a_dozen_sensors_are_listed_in_a_table(cast: Cast) -> None:
    assert "<table" not in page(cast)
    assert "<table" in page(cast, "?view=table")

    for number in range(12):
        Sensor.objects.create(site=cast.site, name=f"Probe {number}")

    assert "<table" in page(cast)
    assert "<table" not in page(cast, "?view=cards")


def test_sensors_with_problems_are_listed_first(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    silent = Sensor.objects.create(site=cast.site, name="Zebra house")
    observe(silent, until=LAST - timedelta(days=3))

    rows = page(cast, "?view=table").split("<tr")[2:]

    assert "Zebra house" in rows[0]
    assert 'data-state="offline"' in rows[0]


def test_two_hundred_sensors_are_one_small_page_and_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = Sensor.objects.bulk_create([Sensor(site=cast.site, name=f"Probe {number}") for number in range(MANY - 1)])
    for sensor in [cast.sensor, *made]:
        observe(sensor, until=LAST, hours=24)

    client = Client()
    client.force_login(cast.owner)

    with time_machine.travel(LAST, tick=False), django_assert_max_num_queries(10):
        text = client.get("/").text

    assert text.count("<tr") == MANY + 1
    assert len(zlib.compress(text.encode())) <= MOST_BYTES

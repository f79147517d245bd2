"""The switcher of every page's frame: each sensor with its main value, and its age or why it is not fresh."""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
MANY, MOST_BYTES = 224, 22_000
ROW = re.compile(r"<li><a href=\"(/sensors/[^\"]+)\" data-state=\"(\w+)\">(.*?)</a></li>")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def account_page(operator: Operator) -> str:
    client = Client()
    client.force_login(operator)
    return client.get("/account/").content.decode().replace("\u00a0", " ")


def rows(operator: Operator) -> list[list[str]]:
    return [[state, *re.findall(r">([^<>]+)<", rest)] for _, state, rest in ROW.findall(account_page(operator))]


@pytest.mark.parametrize(
    ("silent", "said"),
    [
        (timedelta(minutes=2), ["live", "Orchard station", "12.0 °C", "2 min ago", "Orchard"]),
        (timedelta(hours=3), ["late", "Orchard station", "9.0 °C", "Late, last at 10:10", "Orchard"]),
        (timedelta(hours=6), ["offline", "Orchard station", "6.0 °C", "No data since 07:10", "Orchard"]),
    ],
)
def test_each_row_has_value_state_and_site(cast: Cast, silent: timedelta, said: list[str]) -> None:
    observe(cast.sensor, until=NOON - silent)

    assert rows(cast.member) == [said]


def test_a_sensor_without_readings_waits(cast: Cast) -> None:
    assert rows(cast.owner) == [["pending", "Orchard station", "Waiting for the first reading", "Orchard"]]


def test_values_are_in_the_readers_units(cast: Cast) -> None:
    observe(cast.sensor, until=NOON)
    Operator.objects.filter(pk=cast.owner.pk).update(units="us")

    assert "54 °F" in rows(cast.owner)[0]


def test_outsiders_and_strangers_see_nothing_of_it(cast: Cast) -> None:
    observe(cast.sensor, until=NOON)

    assert [each[1] for each in rows(cast.outsider)] == ["Harbour station"]
    assert "Orchard" not in account_page(cast.outsider)
    assert "switcher-rows" not in Client().get("/sign-in/").content.decode()


def test_two_hundred_rows_cost_as_many_queries_as_one_and_little_more_to_send(cast: Cast) -> None:
    observe(cast.sensor, until=NOON)
    with CaptureQueriesContext(connection) as of_one:
        account_page(cast.owner)
    made = Sensor.objects.bulk_create([Sensor(site=cast.site, name=f"Probe {number}") for number in range(MANY - 1)])
    for sensor in made:
        observe(sensor, until=NOON, hours=2)

    with CaptureQueriesContext(connection) as of_many:
        html = account_page(cast.owner)

    assert len(of_many) == len(of_one)
    assert len(ROW.findall(html)) == 200
    assert len(zlib.compress(html.encode())) <= MOST_BYTES

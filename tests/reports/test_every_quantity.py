"""Every quantity of the catalogue, alone, gives a report page with its name, in every range."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.looks import looks
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
VALUES = {"number": (3.0, 10.0), "boolean": (True, False), "text": ("open", "shut")}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def alone(sensor: Sensor, name: str) -> None:
    """Let the sensor have measured this and nothing else."""
    Reading.objects.filter(sensor=sensor).delete()
    SensorState.objects.filter(sensor=sensor).delete()
    either = VALUES[CATALOGUE[name].kind]
    store(
        sensor, [(at, {name: either[n % 2]}) for n, at in enumerate(every(3600, 8, until=NOON - timedelta(minutes=5)))]
    )


def test_every_quantity_alone_has_a_page(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner)
    for name in CATALOGUE:
        alone(cast.sensor, name)

        answers = [client.get(f"/sensors/{cast.sensor.uuid}/?r={span}") for span in ("24h", "1y")]

        assert [answer.status_code for answer in answers] == [200, 200], name
        assert looks(name).short.split(",")[0] in answers[0].content.decode(), name

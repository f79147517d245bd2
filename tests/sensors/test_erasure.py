"""Deletions and announcements, as other connections see them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from sensorfusion.events.control import CHANNEL
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors import services
from sensorfusion.sensors.models import Sensor
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(transactional_db: None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo(), autocommit=True) as other:
        yield other


def heard(link: psycopg.Connection) -> list[str]:
    link.execute("SELECT 1")
    return [json.loads(notice.payload)["kind"] for notice in link.notifies(timeout=0.05)]


class Undone(Exception):
    pass


@transaction.atomic
def delete_and_think_better_of_it(cast: Cast) -> None:
    services.delete_site(by=cast.owner, site=cast.site)
    raise Undone


@transaction.atomic
def delete_impatiently(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
    services.delete_sensor(by=cast.owner, sensor=cast.sensor)


def test_change_is_announced_when_it_is_committed_and_not_before(cast: Cast, link: psycopg.Connection) -> None:
    link.execute(f"LISTEN {CHANNEL}")

    with transaction.atomic():
        services.pause(by=cast.owner, sensor=cast.sensor)
        assert heard(link) == []

    assert heard(link) == ["SensorChanged", "KeyChanged"]


def test_change_that_is_undone_is_never_announced(cast: Cast, link: psycopg.Connection) -> None:
    link.execute(f"LISTEN {CHANNEL}")

    with pytest.raises(Undone):
        delete_and_think_better_of_it(cast)

    assert heard(link) == []
    assert Sensor.objects.filter(pk=cast.sensor.pk).exists()


def test_deleted_sensor_takes_its_readings_along_and_no_others(cast: Cast) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    store(cast.sensor, [(at, {"temperature": 1.0})])
    store(cast.other_sensor, [(at, {"temperature": 2.0})])

    services.delete_sensor(by=cast.owner, sensor=cast.sensor)

    assert list(Reading.objects.values_list("sensor_id", flat=True)) == [cast.other_sensor.pk]
    assert list(SensorState.objects.values_list("sensor_id", flat=True)) == [cast.other_sensor.pk]


def test_deletion_waits_for_a_writer_that_holds_the_sensor(cast: Cast, link: psycopg.Connection) -> None:
    SensorState.objects.create(sensor=cast.sensor, received_at=NOW)

    with link.transaction():
        link.execute("SELECT 1 FROM sensor_state WHERE sensor_id = %s FOR UPDATE", [cast.sensor.pk])
        with pytest.raises(OperationalError, match="lock timeout"):
            delete_impatiently(cast)
        # A deadlock would have aborted one of the two: the writer can still lock the sensor's row.
        link.execute("UPDATE sensors_sensor SET status = 'active' WHERE id = %s", [cast.sensor.pk])

    sensor = Sensor.objects.get(pk=cast.sensor.pk)
    services.delete_sensor(by=cast.owner, sensor=sensor)
    assert not SensorState.objects.filter(sensor_id=cast.sensor.pk).exists()


def test_state_made_while_its_sensor_is_deleted_is_not_kept(cast: Cast, link: psycopg.Connection) -> None:
    sensor = cast.sensor.pk
    writer = psycopg.connect(conninfo())
    writer.execute(
        'INSERT INTO sensor_state (sensor_id, seq, "values", older, deltas) VALUES (%s, 0, %s, %s, %s)',
        [sensor, "{}", "{}", "[]"],
    )

    services.delete_sensor(by=cast.owner, sensor=cast.sensor)

    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        writer.commit()
    writer.close()

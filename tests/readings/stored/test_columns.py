"""Columns of readings: what they have, and that what is kept of them holds."""

from array import array
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sensorfusion.readings.models import Exclusion, SensorState
from sensorfusion.readings.stored.columns import Columns, KeptColumns, columns, epoch_s, is_kept, kept_columns
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import Row, come_late, store

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 3, 7, tzinfo=UTC)
DAYS = 45
END = START + timedelta(days=DAYS)
HOURS = [START + timedelta(hours=each) for each in range(24 * DAYS)]


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    kept_columns.clear()


def read(sensor: Sensor, name: str = "temperature") -> dict[datetime, Any]:
    return {
        datetime.fromtimestamp(epoch_s(at), UTC): value
        for each in columns(sensor.pk, name, START, END)
        for at, value in zip(each.at, each.values, strict=True)
    }


def rows() -> list[Row]:
    return [(at, {"temperature": float(place % 20), "mode": "heat, or ☃"}) for place, at in enumerate(HOURS)]


def test_columns_have_values_in_order_with_their_flags(cast: Cast) -> None:
    sensor = cast.sensor
    store(sensor, rows(), {HOURS[3]: {"temperature": 4, "mode": 3}})
    come_late(sensor, HOURS[1] + timedelta(microseconds=7), {"temperature": True})

    found = list(columns(sensor.pk, "temperature", START, HOURS[5]))

    at = [datetime.fromtimestamp(epoch_s(each), UTC) for part in found for each in part.at]
    assert at == [*HOURS[:2], HOURS[1] + timedelta(microseconds=7), *HOURS[2:5]]
    assert [each for part in found for each in part.values] == [0, 1, True, 2, 3, 4]
    assert b"".join(part.flags for part in found) == b"000040"
    assert set(read(sensor, "mode").values()) == {"heat, or ☃"}


def test_what_has_not_changed_is_read_once(cast: Cast) -> None:
    sensor = cast.sensor
    store(sensor, rows())
    first = read(sensor)
    assert len(first) == len(HOURS)
    assert is_kept(sensor.pk, "temperature")

    with CaptureQueriesContext(connection) as asked:
        assert read(sensor) == first

    assert len(asked) == 2, "what changed, and the last days"


def test_late_reading_is_in_columns_that_were_kept(cast: Cast) -> None:
    sensor = cast.sensor
    store(sensor, rows())
    read(sensor)
    late = HOURS[300] + timedelta(minutes=5)

    come_late(sensor, late, {"temperature": 99.5})

    assert read(sensor)[late] == 99.5


def test_excluded_and_restored_values_are_known_at_once(cast: Cast) -> None:
    sensor = cast.sensor
    store(sensor, rows())
    read(sensor)
    hidden = Exclusion.objects.create(
        sensor=sensor, quantity="temperature", starts_at=HOURS[10], ends_at=HOURS[12], made_at=END
    )
    assert HOURS[11] not in read(sensor)

    hidden.restored_at = END
    hidden.save()

    assert HOURS[11] in read(sensor)


def test_columns_are_read_again_after_retention(cast: Cast) -> None:
    sensor = cast.sensor
    store(sensor, rows())
    first = read(sensor)
    SensorState.objects.filter(sensor=sensor).update(raw_kept_from=HOURS[20])

    with CaptureQueriesContext(connection) as asked:
        assert read(sensor) == first

    assert len(asked) > 2


def test_what_is_kept_is_bounded() -> None:
    kept = KeptColumns(most=100)
    for number in range(3):
        spans = kept.of((number, "temperature"), lambda _: (1, None, "stamp"))
        spans[START] = _column(5)
        kept.trim((number, "temperature"), size=spans[START].size)
    assert [kept.has((number, "temperature")) for number in range(3)] == [False, False, True]

    kept.trim((2, "temperature"), size=101)

    assert not kept.has((2, "temperature"))


def _column(length: int) -> Columns:
    return Columns(array("q", range(length)), array("d", range(length)), b"0" * length)

"""Half-hourly means of many sensors: rollups and readings give the same result."""

from datetime import timedelta

import pytest
from django.db import connection

from sensorfusion.readings.charts.recent import half_hours
from sensorfusion.readings.rollups.chores import Advance, RollUp
from tests.conftest import Cast
from tests.readings.rolled import NOW
from tests.storing import every, store

DAY = timedelta(days=1)


@pytest.mark.parametrize("is_late", [False, True])
def test_half_hours_are_the_same_from_rollups_as_from_readings(cast: Cast, is_late: bool) -> None:
    for sensor in (cast.sensor, cast.other_sensor):
        store(sensor, [(at, {"temperature": at.minute / 2, "rain": 0.1}) for at in every(60, 2000, until=NOW)])
    sensors = [cast.sensor.pk, cast.other_sensor.pk]
    plain = half_hours(name="temperature", sensors=sensors, start=NOW - DAY)
    connection.ensure_connection()

    while Advance(lambda: NOW).run(connection.connection) or RollUp().run(connection.connection):
        pass
    if is_late:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO dirty_hour (sensor_id, hour) VALUES (%s, %s)", [sensors[0], NOW - DAY / 2])
            cursor.execute(
                "DELETE FROM rollup_5m WHERE start >= %s AND start < %s", [NOW - DAY / 2, NOW - 11 * DAY / 24]
            )

    rolled = half_hours(name="temperature", sensors=sensors[: 1 if is_late else 2], start=NOW - DAY)
    assert rolled == {sensor: [pytest.approx(point) for point in plain[sensor]] for sensor in rolled}
    assert len(rolled[sensors[0]]) == 49

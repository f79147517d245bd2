from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from sensorfusion.readings.exclusions.services import exclude, restore
from sensorfusion.readings.stored.excluded import EXCLUDED_VALUES, EXCLUDES
from sensorfusion.readings.stored.selection import select
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(sensor: int) -> tuple[bool, list[str] | None]:
    """Return whether a sensor has an exclusion, and the excluded values of its last reading."""
    columns = f"{EXCLUDES.format('%(sensor)s')}, {EXCLUDED_VALUES}"
    with connection.cursor() as cursor:
        cursor.execute(select(columns, then="ORDER BY r.observed_at DESC LIMIT 1"), {"sensor": sensor})
        has_exclusions, names = cursor.fetchone()
    return has_exclusions, names


def test_exclusions_of_a_quantity_and_of_all_name_values_of_the_reading(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 1.0, "humidity": 60})])
    asked: dict[str, Any] = {"by": cast.editor, "sensor": cast.sensor, "reason": "Calibration", "now": NOON}
    span: dict[str, Any] = {"start": NOON, "end": NOON + timedelta(minutes=1)}
    assert told(cast.sensor.pk) == (False, None)

    one = exclude(**span, quantity="humidity", **asked)
    exclude(**span, quantity="pressure", **asked)
    assert told(cast.sensor.pk) == (True, ["humidity"])

    exclude(**span, **asked)
    restore(by=cast.editor, exclusion=one, now=NOON)
    assert told(cast.sensor.pk) == (True, ["humidity", "temperature"])

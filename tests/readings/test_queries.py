from datetime import UTC, datetime, timedelta

from sensorfusion.readings import queries
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_newest_knows_the_state_and_answers_nothing_for_a_silent_sensor(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4}), (NOON - DAY, {"humidity": 70})])

    found = queries.newest([cast.sensor.id, cast.other_sensor.id])

    assert found[cast.sensor.id].values == {"temperature": 18.4, "humidity": 70}
    assert found[cast.sensor.id].older == {"humidity": (NOON - DAY).timestamp()}
    assert found[cast.sensor.id].seq == 2
    assert found[cast.other_sensor.id] is queries.NOTHING


def test_own_interval_is_preferred_to_the_one_observed(cast: Cast) -> None:
    newest = queries.Newest(1, NOON, NOON, {}, None, {}, (60.0,) * 4)

    assert queries.usual_interval(cast.sensor, newest) == 60
    cast.sensor.interval_s = 15
    assert queries.usual_interval(cast.sensor, newest) == 15


def test_sensor_that_stopped_is_offline(cast: Cast) -> None:
    newest = queries.Newest(1, NOON - timedelta(hours=3), NOON, {}, None, {}, (60.0,))

    assert queries.state_of(cast.sensor, newest, now=NOON) == "offline"


def test_nothing_is_derived_from_a_bad_value(cast: Cast) -> None:
    values = {"temperature": 75.0, "humidity": 40, "wind_speed": 3.0}
    newest = queries.Newest(1, NOON, NOON, values, {"temperature": 4}, {}, ())

    assert queries.derived_now(cast.sensor, newest) == {"beaufort": 2}

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.liveness import KEPT_DELTAS, Rhythm, learn, next_change_at, state, usual_interval_s

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
INTERVALS = st.none() | st.floats(0.1, 86400)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_sensor_without_readings_is_pending() -> None:
    assert state(last_at=None, interval_s=None, now=NOON, status="active") == "pending"
    assert next_change_at(last_at=None, interval_s=None, now=NOON, status="active") is None


def test_paused_sensor_is_paused_whatever_it_sent() -> None:
    assert state(last_at=NOON, interval_s=60, now=NOON, status="paused") == "paused"
    assert state(last_at=None, interval_s=60, now=NOON, status="paused") == "paused"
    assert next_change_at(last_at=NOON, interval_s=60, now=NOON, status="paused") is None


@pytest.mark.parametrize(
    ("interval_s", "seconds", "expected"),
    [
        (60, 149, "live"),
        (60, 150, "late"),  # 2.5 intervals
        (60, 599, "late"),
        (60, 600, "offline"),  # at least 10 minutes
        (600, 2999, "late"),
        (600, 3000, "offline"),  # 5 intervals
        (1, 9.9, "live"),  # at least 10 seconds
        (1, 10, "late"),
        (None, 3599, "live"),  # nothing is late before its interval is known
        (None, 3600, "offline"),
        (60, -30, "live"),  # a clock ahead of ours
    ],
)
def test_state_follows_from_the_age_of_the_last_reading(
    interval_s: float | None, seconds: float, expected: str
) -> None:
    assert state(last_at=NOON, interval_s=interval_s, now=after(seconds), status="active") == expected


def test_next_change_is_when_the_sensor_becomes_late_and_then_offline() -> None:
    assert next_change_at(last_at=NOON, interval_s=60, now=after(1), status="active") == after(150)
    assert next_change_at(last_at=NOON, interval_s=60, now=after(200), status="active") == after(600)
    assert next_change_at(last_at=NOON, interval_s=60, now=after(700), status="active") is None


@given(interval_s=INTERVALS, age_s=st.floats(0, 1e6))
def test_state_is_another_one_at_the_next_change_and_not_before(interval_s: float | None, age_s: float) -> None:
    now = after(age_s)
    current = state(last_at=NOON, interval_s=interval_s, now=now, status="active")

    change_at = next_change_at(last_at=NOON, interval_s=interval_s, now=now, status="active")

    if change_at is None:
        assert current == "offline"
        return
    assert change_at > now
    just_before = change_at - timedelta(microseconds=1)
    assert state(last_at=NOON, interval_s=interval_s, now=just_before, status="active") == current
    assert state(last_at=NOON, interval_s=interval_s, now=change_at, status="active") != current


def test_usual_interval_is_the_median() -> None:
    assert usual_interval_s((60, 60, 60, 3600)) == 60
    assert usual_interval_s((60, 60, 60)) is None
    assert usual_interval_s(()) is None


def test_last_eleven_deltas_are_kept() -> None:
    deltas: tuple[float, ...] = ()

    for observed_s in range(1, 31):
        deltas = learn(deltas, observed_s)

    assert deltas == tuple(range(20, 31))
    assert len(deltas) == KEPT_DELTAS


@pytest.mark.parametrize("observed_s", [0, -60])
def test_late_data_teaches_nothing(observed_s: float) -> None:
    assert learn([60.0], observed_s) == (60.0,)


def test_one_outage_does_not_change_the_usual_interval() -> None:
    deltas = learn([60.0] * 10, 86400)

    assert usual_interval_s(deltas) == 60


def test_new_rhythm_is_learned_within_six_readings() -> None:
    deltas: tuple[float, ...] = (60.0,) * 11

    for _ in range(6):
        deltas = learn(deltas, 10)

    assert usual_interval_s(deltas) == 10


@given(st.lists(st.sampled_from([-1.0, 0.0, 59.0, 60.0, 60.5, 61.0, 3600.0]) | st.floats(-10, 1e6), max_size=60))
def test_a_rhythm_is_the_median_of_the_last_intervals_at_each_reading(observed: list[float]) -> None:
    rhythm = Rhythm()
    deltas: tuple[float, ...] = ()
    for each in observed:
        before, deltas = rhythm.usual_s, learn(deltas, each)

        has_changed = rhythm.add(each)

        assert rhythm.usual_s == usual_interval_s(deltas)
        assert has_changed is (rhythm.usual_s != before)

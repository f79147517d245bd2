"""Quality control over time: which values are flagged in the background, and what follows from it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from sensorfusion.events.messages import StoredReading
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest import quality_over_time
from sensorfusion.ingest.quality_over_time import QualityOverTime
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.quality import services as quality
from tests.conftest import Cast
from tests.ingest.conftest import change, read

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW = START + timedelta(days=1)


def clock() -> datetime:
    return NOW


class Bench:
    """One sensor that is written to and judged without a server."""

    def __init__(self, sensor: Sensor) -> None:
        self.source = Source(sensor.pk, str(sensor.uuid))
        self.shown: list[StoredReading] = []
        self.chore = QualityOverTime(self.shown.extend, now=clock, look_every_s=0)

    def write(self, *values: float, at: int = 0, name: str = "temperature", every_s: int = 60) -> None:
        drafts = [
            Draft(START + timedelta(seconds=at * 60 + place * every_s), {name: value})
            for place, value in enumerate(values)
        ]
        self.store(drafts, received_at=drafts[-1].observed_at)

    def store(self, drafts: list[Draft], *, received_at: datetime = START) -> None:
        with WriterConnection(conninfo()) as writer:
            writer.store([WriteRequest(self.source, received_at, drafts)])

    def judge(self) -> int:
        """Judge until nothing is due, and return the number of runs."""
        with psycopg.connect(conninfo(), autocommit=True) as connection:
            for steps in range(100):
                if not self.chore.look(connection):
                    return steps
        raise AssertionError("judging does not end")


@pytest.fixture
def bench(cast: Cast) -> Bench:
    return Bench(cast.sensor)


def flags() -> list[Any]:
    return read("SELECT flags FROM reading ORDER BY observed_at")


def state(column: str) -> Any:
    return read(f"SELECT {column} FROM sensor_state")[0]


def test_spike_is_flagged_once_its_neighbour_is_there(bench: Bench) -> None:
    bench.write(10.0, 10.1, 30.0, 10.1)

    bench.judge()

    assert flags() == [None, None, {"temperature": 4}, None]


def test_verdict_is_a_change_that_viewers_see_and_rollups_hear_of(bench: Bench) -> None:
    bench.write(10.0, 10.1, 30.0, 10.1)
    change("UPDATE sensor_state SET rolled_up_until = '2026-11-21T00:00Z'")

    bench.judge()

    assert [(each.seq, b'"flags":{"temperature":4}' in each.wire) for each in bench.shown] == [(5, True)]
    assert read("SELECT max(seq) FROM reading") == [5] == [state("seq")]
    assert read("SELECT hour FROM dirty_hour") == [START]


def test_flags_of_the_newest_follow_and_its_arrival_stays(bench: Bench) -> None:
    bench.write(10.0, 10.1, 30.0)
    arrived = state("received_at")

    bench.judge()

    assert state("flags") == {"temperature": 4}
    assert state("received_at") == arrived
    assert read("SELECT received_at FROM reading WHERE seq > 3") == [arrived]


def test_judging_ends_and_does_nothing_twice(bench: Bench) -> None:
    bench.write(10.0, 10.1, 30.0, 10.1)

    assert bench.judge() == 2  # the readings, then the change made by the verdict
    assert bench.judge() == 0


def test_late_neighbour_can_clear_a_flag(bench: Bench) -> None:
    bench.write(10.0, 14.0, every_s=120)
    change("""UPDATE reading SET flags = '{"temperature": 3}' WHERE seq = 2""")
    bench.judge()
    assert flags() == [None, None]

    bench.write(10.0, 10.0, 10.1, at=60)
    bench.write(13.9, at=61)
    bench.judge()
    bench.write(10.0, at=61)
    bench.judge()

    assert flags()[2:] == [None, None, None]


def test_stuck_sensor_is_flagged_and_forgiven_when_corrected(bench: Bench) -> None:
    bench.write(*[10.0] * 80, every_s=600)
    bench.judge()
    assert flags()[-1] == {"temperature": 3}

    bench.write(11.0, at=300)
    bench.judge()

    assert set(map(str, flags())) == {"None"}


def test_flags_of_arrival_stay(bench: Bench) -> None:
    bench.store([Draft(START, {"temperature": 70.0, "humidity": 60.0}, {"temperature": 4})])

    bench.judge()

    assert flags() == [{"temperature": 4}]


def test_reading_ahead_of_the_clock_keeps_its_flag_and_is_not_made_the_newest(bench: Bench) -> None:
    bench.write(10.0, 10.1)
    bench.store([Draft(START + timedelta(minutes=2), {"temperature": 40.0}, {"observed_at": 3}, ahead=True)])

    bench.judge()

    assert flags()[-1] == {"observed_at": 3, "temperature": 4}
    assert state("""("values" ->> 'temperature')::float""") == 10.1


def test_value_that_was_corrected_meanwhile_keeps_its_own_flags(bench: Bench) -> None:
    bench.write(10.0)

    bench.store([Draft(START, {"temperature": 30.0}, {"temperature": 4}, is_verdict=True)])
    bench.store([Draft(START + timedelta(hours=1), {"temperature": 30.0}, {"temperature": 4}, is_verdict=True)])

    assert flags() == [None]
    assert state("seq") == 1


def test_own_checks_count_and_the_last_month_is_judged_anew(bench: Bench, cast: Cast) -> None:
    recent = NOW - timedelta(days=1)
    drafts = [Draft(recent + timedelta(minutes=place), {"temperature": 10.0 + (place == 1)}) for place in range(3)]
    bench.store(drafts)
    bench.judge()
    assert flags() == [None, None, None]

    strict = {"temperature": {"spike": {"suspect": 0.5, "bad": 5}}}
    quality.set_checks(by=cast.owner, sensor=cast.sensor, own=strict, now=NOW)
    bench.judge()
    assert flags() == [None, {"temperature": 3}, None]

    quality.set_checks(by=cast.owner, sensor=cast.sensor, own={"temperature": None}, now=NOW + timedelta(minutes=1))
    bench.judge()
    assert flags() == [None, None, None]


def test_what_is_older_than_a_month_stays_as_it_was_judged(bench: Bench, cast: Cast) -> None:
    drafts = [Draft(NOW - age, {"temperature": 10.0}) for age in (timedelta(days=32), timedelta(days=30))]
    bench.store(drafts)
    bench.judge()
    change("""UPDATE reading SET flags = '{"temperature": 4}'""")

    quality.set_checks(by=cast.owner, sensor=cast.sensor, own={"temperature": None}, now=NOW)
    bench.judge()

    assert flags() == [{"temperature": 4}, None]


def test_many_changes_are_judged_in_small_parts(bench: Bench) -> None:
    bench.chore = QualityOverTime(now=clock, look_every_s=0, at_once=50)
    bench.write(*[10 + place % 7 / 10 for place in range(120)])

    assert bench.judge() == 3
    assert read("SELECT judged_seq FROM quality_progress") == [120]


def test_deleted_readings_are_no_obstacle(bench: Bench) -> None:
    bench.write(10.0, 10.1, 30.0)
    change("DELETE FROM reading")

    bench.judge()

    assert read("SELECT judged_seq FROM quality_progress") == [3]


def test_sensor_that_sends_all_the_time_is_looked_at_now_and_then(bench: Bench) -> None:
    bench.chore = QualityOverTime(now=clock)
    bench.write(10.0, 10.1)
    assert bench.judge() == 1

    bench.write(10.2, at=5)

    assert bench.judge() == 0
    change("UPDATE quality_progress SET judged_at = judged_at - interval '16 s'")
    assert bench.judge() == 1


@pytest.mark.parametrize(
    ("busy", "share"), [(False, quality_over_time.SHARE_S), (True, quality_over_time.BUSY_SHARE_S)]
)
def test_a_small_share_of_the_time_is_all_that_is_taken(
    busy: bool, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of 0.3 s is followed by a pause of 6 s, or of 15 s while readings are queued."""
    now, looks = 0.0, []

    def look(connection: psycopg.Connection) -> bool:
        nonlocal now
        looks.append(now)
        now += 0.3
        return True

    chore = QualityOverTime(is_busy=lambda: busy, now=clock, clock=lambda: now)
    monkeypatch.setattr(chore, "look", look)
    with psycopg.connect(conninfo()) as connection:
        while now < 60:
            assert not chore.run(connection)
            now += chore.every_s

    assert 0.6 * share < len(looks) * 0.3 / now <= share


def test_span_with_many_neighbours_is_judged_in_pieces(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality_over_time, "MOST_AROUND", 20)
    spikes = dict.fromkeys((5, 25, 60, 95), 40.0)
    bench.write(*[spikes.get(place, 10 + place % 7 / 10) for place in range(100)])

    bench.judge()

    assert [place for place, found in enumerate(flags()) if found] == list(spikes)

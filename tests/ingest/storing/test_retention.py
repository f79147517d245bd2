"""Readings that arrive while old ones are removed, and those that arrive too late."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from rest_framework.test import APIClient

from sensorfusion.demo.bulk_history import Plan, load, roll_up
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.readings.storage import retention
from sensorfusion.readings.storage.retention import Retention
from sensorfusion.readings.stored import months
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.ingest.conftest import Server, change, key_for
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
KEPT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def link(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        yield link
        months.drop_left(link)


def write_request(sensor: Sensor, *instants: datetime) -> WriteRequest:
    return WriteRequest(Source(sensor.pk, str(sensor.uuid)), NOW, [Draft(at, {"temperature": 21.4}) for at in instants])


def days(since: datetime, count: int) -> list[datetime]:
    return [since + timedelta(days=number) for number in range(count)]


def test_reading_older_than_what_is_kept_is_refused_with_the_reason(cast: Cast, link: psycopg.Connection[Any]) -> None:
    with WriterConnection(conninfo()) as writer:
        writer.store([write_request(cast.sensor, *days(datetime(2026, 7, 1, tzinfo=UTC), 100))])
        SensorState.objects.update(rolled_up_until=NOW)
        retention.move_border(link, sensor=cast.sensor.pk, limit=KEPT)  # the writer still caches the older state

        late = write_request(cast.sensor, datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
        (answer,) = writer.store([late]).answers

    assert isinstance(answer, Outcome)
    assert (answer.accepted, answer.duplicates) == (1, 0)
    (rejected,) = answer.rejected
    assert rejected.code == "too_old"
    assert "2026-07-01T12:00:00Z is before 2026-09-01T00:00:00Z" in rejected.detail


async def test_sender_is_told_which_reading_came_too_late(server: Server) -> None:
    await server.post({"observed_at": "2026-11-20T06:00:00Z", "values": {"temperature": 1.0}})
    change("UPDATE sensor_state SET raw_kept_from = '2026-09-01T00:00Z'")
    late = {"observed_at": "2026-07-01T00:00:00Z", "values": {"temperature": 2.0}}
    now = {"observed_at": "2026-11-20T06:01:00Z", "values": {"temperature": 3.0}}

    some = await server.post([{"values": {}}, late, now])
    none = await server.post(late)

    assert some.status_code == 200
    assert [(each["index"], each["code"]) for each in some.json()["rejected"]] == [(0, "empty"), (1, "too_old")]
    assert (some.json()["accepted"], some.json()["seq"]) == (1, 2)
    assert none.status_code == 422
    assert none.json()["rejected"][0]["code"] == "too_old"


def test_month_that_was_dropped_is_made_again_for_whoever_keeps_it(cast: Cast, link: psycopg.Connection[Any]) -> None:
    July = datetime(2026, 7, 1, tzinfo=UTC)
    with WriterConnection(conninfo()) as writer:
        writer.store([write_request(cast.sensor, *days(July, 31)), write_request(cast.sensor, NOW)])
        SensorState.objects.update(rolled_up_until=NOW)
        retention.move_border(link, sensor=cast.sensor.pk, limit=KEPT)
        assert retention.detach(link, (2026, 7), now=NOW)  # the writer still assumes that the partition exists

        answers = writer.store(
            [write_request(cast.other_sensor, July), write_request(cast.sensor, NOW + timedelta(minutes=1))]
        )

    assert [(answer.accepted, answer.duplicates) for answer in answers.answers if isinstance(answer, Outcome)] == [
        (1, 0),
        (1, 0),
    ]
    assert Reading.objects.filter(sensor=cast.other_sensor).count() == 1


def test_chart_of_what_was_removed_stays_as_it_was(cast: Cast, link: psycopg.Connection[Any]) -> None:
    start, end = datetime(2026, 8, 25, tzinfo=UTC), datetime(2026, 9, 5, tzinfo=UTC)
    load(link, Plan([cast.sensor.pk], start, end, every_s=900, quantities=10, seed=1), step=lambda *_: None)
    roll_up(link, now=end, step=lambda *_: None)
    client = APIClient()
    client.force_authenticate(cast.owner)
    query = {"from": "2026-08-25T00:00:00Z", "to": "2026-09-04T00:00:00Z", "resolution": "1h"}
    before = client.get(f"/api/v1/sensors/{cast.sensor.uuid}/series", query).json()
    Site.objects.filter(pk=cast.site.pk).update(keep_months=2)

    while Retention(now=lambda: NOW).run(link):
        pass

    assert not Reading.objects.filter(observed_at__lt=KEPT).exists()
    assert Reading.objects.exists()
    assert client.get(f"/api/v1/sensors/{cast.sensor.uuid}/series", query).json() == before
    assert len(before["t"]) > 200


def test_no_acknowledged_reading_is_lost_while_months_are_dropped_under_load(
    cast: Cast, link: psycopg.Connection[Any]
) -> None:
    """Drop months of one sensor while another, which keeps everything, sends new readings and ever older ones."""
    key_for(cast.sensor)
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    with WriterConnection(conninfo()) as writer:
        for start in range(0, 184, 46):
            writer.store([write_request(cast.sensor, *days(begin + timedelta(days=start), 46))])
        writer.store([write_request(cast.sensor, NOW)])
    SensorState.objects.update(rolled_up_until=NOW)
    Site.objects.filter(pk=cast.site.pk).update(keep_months=2)
    acknowledged: list[datetime] = []
    stop, sent_some = threading.Event(), threading.Event()

    def send() -> None:
        with WriterConnection(conninfo()) as writer:
            for number in range(100_000):
                late = begin + timedelta(days=(number * 37) % 184, seconds=number) if number % 40 == 20 else None
                instants = [NOW + timedelta(seconds=number), *([late] if late else [])]
                (answer,) = writer.store([write_request(cast.other_sensor, *instants)]).answers
                assert isinstance(answer, Outcome)
                assert answer.accepted == len(instants)
                acknowledged.extend(instants)
                if number == 30:
                    sent_some.set()
                if stop.is_set():
                    return

    sender = threading.Thread(target=send)
    sender.start()
    assert sent_some.wait(PATIENCE_S)
    chore = Retention(now=lambda: NOW)
    # Also if no sensor may keep it: a month that has just been created again is dropped at the next run.
    rounds = 0
    while Reading.objects.filter(sensor=cast.sensor, observed_at__lt=KEPT).exists():
        chore.run(link)
        rounds += 1
        assert rounds < 200
    stop.set()
    sender.join()

    stored = set(Reading.objects.filter(sensor=cast.other_sensor).values_list("observed_at", flat=True))
    assert stored == set(acknowledged)
    assert SensorState.objects.get(sensor=cast.other_sensor).seq == len(acknowledged)

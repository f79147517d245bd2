"""Kills the watcher while rules fire, alone or with the one that waits: each alert is there, and once."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from sensorfusion.alerts.evaluation.watcher import LOCK
from sensorfusion.alerts.models import Alert, AlertEvent, AlertRule, RuleState
from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.models import Reading
from sensorfusion.sensors.models import Sensor
from sensorfusion.server.alerts.alerting import TAKES_OVER_WITHIN_S
from tests.conftest import Cast
from tests.crash.conftest import eventually
from tests.crash.platform import database_url, environment
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
RULES, FROSTS, KILLS = 200, 40, (9, 19, 29)
WATCH = """
import django
django.setup()
from sensorfusion.clock import utc_now
from sensorfusion.events.stream import Stream
from sensorfusion.server.alerts.alerting import alerting
alerting(Stream(), now=utc_now).run()
"""


@pytest.fixture
def watchers() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """The watchers that a test starts; those that still run after it are killed."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(PATIENCE_S)


def watcher(data: Path) -> "subprocess.Popen[bytes]":
    given = environment(
        DATABASE_URL=database_url(),
        SENSORFUSION_DATA=str(data),
        SECRET_KEY="k",
        DJANGO_SETTINGS_MODULE="sensorfusion.config.settings",
    )
    return subprocess.Popen([sys.executable, "-c", WATCH], env=given)


def send(writer: WriterConnection, sensor: Sensor, temperature: float) -> None:
    now = utc_now()
    draft = Draft(now, {"temperature": temperature})
    writer.store([WriteRequest(Source(sensor.pk, str(sensor.uuid)), now, [draft])])


def test_killed_watchers_lose_no_alert_and_make_none_twice(
    cast: Cast, tmp_path: Path, watchers: list["subprocess.Popen[bytes]"]
) -> None:
    watchers += [watcher(tmp_path), watcher(tmp_path)]  # one of them watches
    now = utc_now() - timedelta(minutes=1)
    AlertRule.objects.bulk_create(
        AlertRule(
            site=cast.site, sensor=cast.sensor, quantity="temperature", condition="below", low=number / RULES,
            made_at=now, changed_at=now,
        )
        for number in range(RULES)
    )  # fmt: skip
    with WriterConnection(conninfo()) as writer:
        send(writer, cast.sensor, 10.0)
        assert eventually(lambda: RuleState.objects.count() == RULES)
        for frost in range(FROSTS):
            send(writer, cast.sensor, -5.0)
            if frost in KILLS:
                seen = AlertEvent.objects.count()
                assert eventually(lambda seen=seen: AlertEvent.objects.count() != seen)  # type: ignore[misc]
                for process in watchers:  # the one that watches, and the one that would take over
                    process.kill()
                watchers += [watcher(tmp_path), watcher(tmp_path)]
            send(writer, cast.sensor, 5.0)

        assert eventually(lambda: Alert.objects.exclude(ended_at=None).count() == RULES * FROSTS)

    per_rule = Counter(Alert.objects.values_list("rule_id", flat=True))
    assert set(per_rule.values()) == {FROSTS}
    assert Counter(AlertEvent.objects.values_list("action", flat=True)) == {
        "fired": RULES * FROSTS,
        "cleared": RULES * FROSTS,
    }


def test_watcher_that_waits_takes_over_from_a_killed_one(
    cast: Cast, tmp_path: Path, watchers: list["subprocess.Popen[bytes]"]
) -> None:
    """It is there before the first is killed, goes on from the stored state, and judges what came in between."""
    now = utc_now() - timedelta(minutes=1)
    AlertRule.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", condition="below", low=0.0, made_at=now,
        changed_at=now,
    )  # fmt: skip
    with WriterConnection(conninfo()) as writer:
        send(writer, cast.sensor, 10.0)
        watchers.append(watcher(tmp_path))
        assert eventually(lambda: RuleState.objects.count() == 1)  # the first one watches
        watchers.append(watcher(tmp_path))
        assert eventually(lambda: len(asked_for_the_lock()) == 2)  # the second one waits
        send(writer, cast.sensor, -5.0)
        assert eventually(lambda: AlertEvent.objects.count() == 1)
        [before] = [backend for backend, holds in asked_for_the_lock().items() if holds]

        watchers[0].kill()
        watchers[0].wait(PATIENCE_S)
        for temperature in (5.0, -5.0, 5.0, -5.0):
            send(writer, cast.sensor, temperature)
        assert eventually(lambda: AlertEvent.objects.count() == 5)
        [after] = [backend for backend, holds in asked_for_the_lock().items() if holds]
        send(writer, cast.sensor, 5.0)
        assert eventually(lambda: AlertEvent.objects.count() == 6)

    assert after != before
    assert watchers[1].poll() is None
    assert TAKES_OVER_WITHIN_S < 10  # what the documentation promises
    assert list(AlertEvent.objects.order_by("id").values_list("action", flat=True)) == ["fired", "cleared"] * 3
    frosts = Reading.objects.filter(sensor=cast.sensor, values={"temperature": -5.0}).order_by("observed_at")
    began = Alert.objects.order_by("began_at").values_list("began_at", flat=True)
    assert list(began) == list(frosts.values_list("observed_at", flat=True))


def asked_for_the_lock() -> dict[int, bool]:
    """Return the database's connections of watchers: whether each holds the lock, or asked for it last."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCHERS, [LOCK])
        return dict(cursor.fetchall())


_WATCHERS = """
SELECT pid, holds FROM (
    SELECT pid, query, EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE pg_database.datname = current_database() AND pg_locks.pid = activity.pid
            AND locktype = 'advisory' AND granted AND classid = 0 AND objid = %s
    ) AS holds
    FROM pg_stat_activity AS activity WHERE activity.datname = current_database()
) AS connected WHERE holds OR query LIKE 'SELECT pg_try_advisory_lock%%'
"""

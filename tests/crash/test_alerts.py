"""Kills the watcher while 200 rules fire, and leaves the one that waits, or none: each alert is there, and once."""

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
from sensorfusion.sensors.models import Sensor
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
def watchers(tmp_path: Path) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Two watchers, of which one watches; a killed one is replaced by the test."""
    started = [watcher(tmp_path), watcher(tmp_path)]
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


def test_watcher_that_waits_takes_over_from_one_that_is_killed(cast: Cast, tmp_path: Path) -> None:
    """The second one is there before the first is killed, and goes on from the stored states."""
    now = utc_now() - timedelta(minutes=1)
    AlertRule.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", condition="below", low=0.0, made_at=now,
        changed_at=now,
    )  # fmt: skip
    with WriterConnection(conninfo()) as writer, watcher(tmp_path) as first:
        try:
            send(writer, cast.sensor, 10.0)
            assert eventually(lambda: RuleState.objects.count() == 1)  # the first one watches
            with watcher(tmp_path) as second:
                try:
                    assert eventually(lambda: waiting_connections() == 2)
                    send(writer, cast.sensor, -5.0)
                    assert eventually(lambda: AlertEvent.objects.count() == 1)
                    first.kill()
                    first.wait(PATIENCE_S)
                    send(writer, cast.sensor, 5.0)
                    assert eventually(lambda: AlertEvent.objects.count() == 2)
                    assert second.poll() is None
                finally:
                    second.kill()
        finally:
            first.kill()

    assert list(AlertEvent.objects.order_by("id").values_list("action", flat=True)) == ["fired", "cleared"]
    assert Alert.objects.count() == 1


def waiting_connections() -> int:
    """Return how many connections asked for the lock last, or have it: those of watchers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
            " AND granted AND objid = %s) OR query LIKE 'SELECT pg_try_advisory_lock%%'",
            [LOCK],
        )
        return int(cursor.fetchone()[0])

"""Kills the watcher while 200 rules fire, with another one waiting: each alert is there, and once."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

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

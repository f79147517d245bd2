"""A restored backup: what was so when it was taken fires no rule and sends no message; what comes in does."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from sensorfusion.alerts.models import Alert, AlertChannel, AlertEvent, AlertRule, RuleState, Untold, Watch
from sensorfusion.clock import utc_now
from sensorfusion.sensors.keys.encryption import encrypt
from tests.backup.test_save import data as data  # the fixtures
from tests.backup.test_save import empty as empty
from tests.backup.test_save import put_back, take
from tests.conftest import Cast
from tests.crash.platform import environment
from tests.patience import PATIENCE_S
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)

# Looks and sends for an hour, then stores a reading that exceeds the limit, and goes on.
LIVE_ON = """
import json
from concurrent.futures import Future
from datetime import timedelta
import django
django.setup()
import psycopg
from sensorfusion.alerts.evaluation.wake import Wake
from sensorfusion.alerts.evaluation.watcher import Watcher
from sensorfusion.alerts.messages.sender import SendAlerts
from sensorfusion.alerts.models import Alert, AlertEvent
from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.sensors.models import Sensor

class Clock:
    now = utc_now()

class Awake(Wake):
    def wait(self, most_s):
        return super().wait(0)

requests = []

def post(request):
    requests.append(json.loads(request.body)["title"])
    answer = Future()
    answer.set_result("accepted")
    return answer

clock = Clock()
watcher = Watcher(Awake(), lambda: clock.now)
sender = SendAlerts(post, lambda: clock.now)

def live(minutes):
    with psycopg.connect(conninfo(), autocommit=True) as link:
        for _ in range(minutes):
            watcher.run(link)
            while sender.step():
                pass
            clock.now += timedelta(minutes=1)

def seen():
    return {"alerts": Alert.objects.count(), "told": list(requests),
            "events": list(AlertEvent.objects.order_by("id").values_list("action", flat=True))}

live(60)
before = seen()
sensor = Sensor.objects.get(state__seq=10)
with WriterConnection(conninfo()) as writer:
    draft = Draft(clock.now, {"temperature": 31.0})
    writer.store([WriteRequest(Source(sensor.pk, str(sensor.uuid)), clock.now, [draft])])
live(10)
print(json.dumps({"before": before, "after": seen()}))
"""


def lived_on(url: str, data: Path) -> dict[str, Any]:
    given = environment(
        DATABASE_URL=url,
        SENSORFUSION_DATA=str(data),
        SECRET_KEY=settings.SECRET_KEY,
        DJANGO_SETTINGS_MODULE="sensorfusion.config.settings",
    )
    done = subprocess.run(
        [sys.executable, "-c", LIVE_ON], env=given, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rule(cast: Cast, condition: str, **fields: Any) -> AlertRule:
    of = {"site": cast.site, "sensor": cast.sensor, "condition": condition}
    given = {"made_at": utc_now(), "changed_at": utc_now(), "repeat_s": 300.0}
    return AlertRule.objects.create(**{"quantity": "temperature", **of, **given, **fields})


def state(rule: AlertRule, cast: Cast, **fields: Any) -> None:
    at = (utc_now() - 5 * MINUTE).timestamp()
    given = {"seq": 5, "phase": "ok", "decided_until": at, "since": at, "clearing_since": at, "last_at": at}
    RuleState.objects.create(**{"rule": rule, "sensor": cast.sensor, "signal": "clear", **given, **fields})


def test_restored_backup_fires_and_tells_nothing_old_and_then_what_is_new(
    cast: Cast, data: Path, empty: str, tmp_path: Path
) -> None:
    now = utc_now()
    AlertChannel.objects.create(
        operator=cast.owner, kind="webhook", address="https://example.org/", secret=encrypt("s"), made_at=now
    )
    # Ten readings, of which the last five exceed the limit and were not judged yet.
    store(cast.sensor, [(now - (10 - n) * MINUTE, {"temperature": 20.0 if n < 5 else 30.0}) for n in range(10)])
    watched = {"version": 3, "looked_at": now - timedelta(seconds=5), "began_at": now - timedelta(days=9)}
    Watch.objects.update_or_create(defaults=watched)
    state(rule(cast, "above", high=25.0), cast)
    state(rule(cast, "above", high=24.0, for_s=120.0), cast, phase="pending", signal="over")
    state(rule(cast, "silent", for_s=600.0, quantity="", repeat_s=0.0), cast)
    lasting = rule(cast, "above", high=22.0)
    alert = Alert.objects.create(
        rule=lasting, site=cast.site, sensor=cast.sensor, quantity="temperature", severity="warning", value=30.0,
        rule_was={"condition": "above", "high": 22.0}, began_at=now - 30 * MINUTE, fired_at=now - 30 * MINUTE,
    )  # fmt: skip
    Untold.objects.create(event=AlertEvent.objects.create(alert=alert, at=now - 30 * MINUTE, action="fired"))
    state(lasting, cast, phase="firing", signal="over", alert=alert)
    take(data, tmp_path / "all.sfb")
    put_back(tmp_path / "all.sfb", into=tmp_path / "again", url=empty)

    found = lived_on(empty, data)

    # That the sensor was silent for an hour in the restored installation is new; nothing else is.
    assert found["before"]["events"] == ["fired", "fired"]
    [told] = found["before"]["told"]
    assert "no data" in told
    # A reading then exceeds the three limits: two fire, and what lasts is repeated.
    assert found["after"]["alerts"] == 4
    assert "repeated" in found["after"]["events"]

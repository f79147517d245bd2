"""Metrics of alerts, read from the platform: a reading is judged, its alert is sent, and any scrape says so."""

from pathlib import Path

import pytest
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.models import AlertChannel, AlertEvent, AlertRule, RuleState
from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.sensors.keys.encryption import encrypt
from tests.conftest import Cast
from tests.crash.conftest import Start, eventually
from tests.crash.platform import Platform, database_url
from tests.crash.test_alert_messages import Receivers
from tests.crash.test_alert_messages import receivers as receivers  # the fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
# So near each other that no quality check flags the fall as a step: a flag is a correction, which is judged again.
BEFORE, LIMIT, BELOW = 10.0, 9.95, 9.9


@pytest.mark.parametrize("workers", [1, 2])
def test_scrape_counts_what_was_judged_decided_and_sent(
    cast: Cast, data: Path, start: Start, receivers: Receivers, redis_url: str, workers: int
) -> None:
    add_rule(cast)
    add_channel(cast.owner, f"{receivers.url}/good")
    add_channel(cast.owner, f"{receivers.url}/fails")  # answers 500 at first
    given = {
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "POLL_ALLOW_NETWORKS": "127.0.0.0/8",
        "REDIS_URL": redis_url,
    }
    with WriterConnection(conninfo()) as writer:
        send(writer, cast, BEFORE)  # what the rule begins with counts as no evaluation
        platform = start(data, "--workers", str(workers), given=given)
        assert eventually(lambda: RuleState.objects.count() == 1)
        before = scraped(platform)
        send(writer, cast, BELOW)
        assert eventually(lambda: AlertEvent.objects.filter(action="fired").count() == 1)

    assert eventually(lambda: of_webhooks(scraped(platform)) == {"sent": 1.0, "failed": 1.0})
    after = scraped(platform)
    assert grown(before, after, "sensorfusion_alert_evaluations_total") == 1
    assert grown(before, after, "sensorfusion_alert_decisions_total") == 1
    assert grown(before, after, "sensorfusion_alert_lag_seconds_count") == 1
    assert grown(before, after, "sensorfusion_alert_lag_seconds_sum") > 0
    assert [len(receivers.got[path]) for path in ("/good", "/fails")] == [1, 1]
    assert platform.stop() == 0


def add_rule(cast: Cast) -> None:
    now = utc_now()
    AlertRule.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", condition="below", low=LIMIT, made_at=now,
        changed_at=now,
    )  # fmt: skip


def add_channel(operator: Operator, address: str) -> None:
    AlertChannel.objects.create(
        operator=operator, kind="webhook", address=address, secret=encrypt("s3cret"), made_at=utc_now()
    )


def send(writer: WriterConnection, cast: Cast, temperature: float) -> None:
    now = utc_now()
    draft = Draft(now, {"temperature": temperature})
    writer.store([WriteRequest(Source(cast.sensor.pk, str(cast.sensor.uuid)), now, [draft])])


Scrape = dict[tuple[str, str, str], float]


def scraped(platform: Platform) -> Scrape:
    """Return the sums over workers by the sample's name, channel and outcome."""
    found: Scrape = {}
    for family in text_string_to_metric_families(platform.get("/metrics").text):
        for sample in family.samples:
            key = (sample.name, sample.labels.get("channel", ""), sample.labels.get("outcome", ""))
            found[key] = found.get(key, 0.0) + sample.value
    return found


def of_webhooks(found: Scrape) -> dict[str, float]:
    return {
        key[2]: value for key, value in found.items() if key[:2] == ("sensorfusion_alert_messages_total", "webhook")
    }


def grown(before: Scrape, after: Scrape, name: str) -> float:
    """Return by how much the samples of this name grew, whatever their labels say."""
    return sum(value for key, value in after.items() if key[0] == name) - sum(
        value for key, value in before.items() if key[0] == name
    )

"""Files of the past that are imported while rules are judged fire nothing, and what follows them does."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from sensorfusion.alerts.models import AlertEvent, AlertRule, RuleState, Untold
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import Reading
from tests.alerts.evaluation.test_watcher import Night, rule, told
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
DAYS, HOUR = 30, timedelta(hours=1)
CONDITIONS = (
    {"condition": "above", "high": -18.0, "for_s": 0.0, "clear_high": None},
    {"condition": "changes", "high": 5.0, "within_s": 7200.0, "for_s": 0.0, "clear_high": None},
    {"condition": "silent", "quantity": "", "high": None, "clear_high": None, "for_s": 1200.0},
)


def hourly(path: Path) -> Path:
    """Write a month of hours that are cold and warm by turns, up to an hour ago."""
    lines = (
        f"{NOW - number * HOUR:%Y-%m-%dT%H:%M:%SZ},{-5 if number % 2 else -20}" for number in range(DAYS * 24, 0, -1)
    )
    path.write_text("\n".join(("observed_at,temp", *lines)))
    return path


def test_imported_month_fires_nothing_and_the_next_reading_does(cast: Cast, tmp_path: Path) -> None:
    store(cast.sensor, [(NOW - timedelta(minutes=each), {"temperature": -20.0}) for each in (3, 2, 1)])
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        night = Night(cast, connection)
        for fields in CONDITIONS:
            rule(cast.sensor, **fields)
        night.look()
        arguments = (
            str(hourly(tmp_path / "month.csv")),
            "--sensor",
            str(cast.sensor.uuid),
            "--map",
            "temp=temperature",
        )
        with pytest.raises(SystemExit) as ended:
            call_command("import_readings", *arguments, now=lambda: night.now, stdout=StringIO())
        night.minutes(3, -20.0)

        assert not ended.value.code
        assert Reading.objects.count() == DAYS * 24 + 6
        assert RuleState.objects.count() == AlertRule.objects.count() == len(CONDITIONS)
        assert told() == []
        assert not Untold.objects.exists()

        night.minutes(1, -5.0)
        assert sorted(AlertEvent.objects.values_list("alert__rule_was__condition", "action")) == [
            ("above", "fired"),
            ("changes", "fired"),
        ]

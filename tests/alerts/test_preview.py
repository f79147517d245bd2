"""The preview by rollups against judging every reading of the same history."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.alerts.evaluation.rules import StoredRow, loaded
from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.preview import Fired, preview
from sensorfusion.domain.alert_rules.machine import Decision, Outcome, advance, observe, watched
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db
START = datetime(2026, 10, 24, tzinfo=UTC)  # the clocks change on the 25th
END = START + timedelta(days=4)


def history(seed: int) -> list[tuple[datetime, dict[str, Any]]]:
    """A value that wanders around zero, with gaps, calm hours and wild ones."""
    source = random.Random(seed)
    at, value, found = START, 0.0, []
    while at < END:
        value = value * 0.995 + source.gauss(0, 0.3)
        found.append((at, {"temperature": round(value, 2), "contact": value > 0}))
        at += timedelta(hours=source.uniform(1, 3)) if source.random() < 0.004 else timedelta(minutes=1)
    return found


RULES: list[dict[str, Any]] = [
    {"condition": "above", "high": 2.0},
    {"condition": "above", "high": 1.0, "clear_high": 0.0, "for_s": 900.0},
    {"condition": "below", "low": -1.0, "clear_low": 0.5, "for_s": 300.0, "clear_for_s": 600.0},
    {"condition": "outside", "low": -2.0, "high": 2.0, "clear_low": -1.0, "clear_high": 1.0, "for_s": 120.0},
    {
        "condition": "above",
        "high": 0.0,
        "for_s": 600.0,
        "starts_min": 22 * 60,
        "ends_min": 6 * 60,
        "weekdays": 0b1100001,
    },
    {"condition": "rises", "high": 2.0, "within_s": 1800.0},
    {"condition": "silent", "for_s": 3000.0, "quantity": ""},
    {"condition": "silent", "quantity": "temperature"},
    {"condition": "equals", "expected": True, "quantity": "contact", "for_s": 1200.0},
]


def every_reading(row: AlertRule, rows: list[tuple[datetime, dict[str, Any]]]) -> list[Fired]:
    rule = loaded(row)
    state, window, hold_s = watched(rule.rule, since=START.timestamp()), rule.window(), rule.hold_s(60.0)
    decisions: list[Decision] = []
    for at, values in rows:
        stored = StoredRow(1, 1, at.timestamp(), at.timestamp(), values, {})
        if seen := rule.observation(stored, window):
            state, new = observe(rule.rule, state, seen, hold_s=hold_s)
            decisions += new
    decisions += advance(rule.rule, state, before=END.timestamp(), hold_s=hold_s)[1]
    return list(paired(decisions))


def paired(decisions: list[Decision]) -> Iterator[Fired]:
    ends = [each for each in decisions if each.outcome is not Outcome.FIRED] + [None]
    for fired, end in zip((each for each in decisions if each.outcome is Outcome.FIRED), ends, strict=False):
        yield Fired(fired.since, fired.at, end.at if end else None, end.outcome if end else None)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("fields", RULES, ids=lambda fields: "-".join(str(each) for each in fields.values()))
def test_preview_is_what_every_reading_says(cast: Cast, fields: dict[str, Any], seed: int) -> None:
    rows = history(seed)
    store(cast.sensor, rows)
    row = AlertRule(site=cast.site, **{"quantity": "temperature", **fields})

    found = preview(loaded(row), sensor=cast.sensor.pk, start=START, end=END, interval_s=60.0)

    assert found == every_reading(row, rows)
    assert found or fields["condition"] in ("outside", "above")


@pytest.mark.parametrize(
    "fields",
    [
        {"condition": "above", "high": 2.0, "for_s": 2 * 3600.0},
        {"condition": "equals", "expected": True, "quantity": "contact", "for_s": 2 * 3600.0},
    ],
    ids=lambda fields: fields["condition"],
)
def test_an_hourly_archive_of_a_sensor_that_sends_each_second_today_holds_hour_by_hour(
    cast: Cast, fields: dict[str, Any]
) -> None:
    hours = [START + timedelta(hours=each) for each in range(72)]
    seconds = [hours[-1] + timedelta(minutes=30, seconds=each) for each in range(60)]
    afternoon = [12 <= (at - START).total_seconds() / 3600 % 24 < 18 for at in (*hours, *seconds)]
    store(
        cast.sensor,
        [
            (at, {"temperature": 5.0 if is_warm else 0.0, "contact": is_warm})
            for at, is_warm in zip((*hours, *seconds), afternoon, strict=True)
        ],
    )
    row = AlertRule(site=cast.site, **{"quantity": "temperature", **fields})

    found = preview(loaded(row), sensor=cast.sensor.pk, start=START, end=END, interval_s=1.0)

    noons = [START + timedelta(days=day, hours=12) for day in range(3)]
    assert [each.began_at for each in found] == [each.timestamp() for each in noons]
    assert [each.fired_at - each.began_at for each in found] == [7200.0] * 3


def test_preview_of_a_sensor_without_readings_is_silent_from_the_beginning(cast: Cast) -> None:
    row = AlertRule(site=cast.site, condition="silent", for_s=600.0)
    sensor = Sensor.objects.create(site=cast.site, name="New")

    found = preview(loaded(row), sensor=sensor.pk, start=START, end=END, interval_s=None)

    assert found == [Fired(START.timestamp() + 600, START.timestamp() + 600, None, None)]

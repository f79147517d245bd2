"""The preview of a rule about a derived quantity against judging what every reading derives."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.alerts.evaluation.derived import Deriver
from sensorfusion.alerts.evaluation.rules import StoredRow, loaded
from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.preview import Fired, preview
from sensorfusion.alerts.services import make_rule
from sensorfusion.domain.alert_rules.machine import Decision, advance, observe, watched
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.weather.derivation import Place
from tests.alerts.test_preview import paired
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db
START = datetime(2026, 10, 20, tzinfo=UTC)
END = START + timedelta(days=9)  # more than is read at once


def history(seed: int) -> list[tuple[datetime, dict[str, Any]]]:
    source = random.Random(seed)
    at, damp, found = START, 0.0, []
    while at < END:
        damp = damp * 0.99 + source.gauss(0, 0.4)
        both = {"temperature": round(15 + damp, 2), "humidity": round(min(99, max(5, 60 + 8 * damp)), 1)}
        names = source.choice([["temperature"], ["humidity"], ["temperature", "humidity"]])
        found.append((at, {name: both[name] for name in names}))
        at += timedelta(hours=2) if source.random() < 0.004 else timedelta(minutes=5)
    return found


RULES: list[dict[str, Any]] = [
    {"condition": "above", "high": 9.0, "clear_high": 8.0, "for_s": 900.0},
    {"condition": "outside", "low": 4.0, "high": 10.0},
    {"condition": "rises", "high": 3.0, "within_s": 3600.0},
    {"condition": "silent", "for_s": 3000.0},
]


@pytest.mark.parametrize("fields", RULES, ids=lambda fields: str(fields["condition"]))
def test_preview_is_what_every_reading_derives(cast: Cast, fields: dict[str, Any]) -> None:
    rows = history(7)
    store(cast.sensor, rows)
    row = AlertRule(site=cast.site, quantity="dew_point", **fields)

    found = preview(loaded(row), sensor=cast.sensor.pk, start=START, end=END, interval_s=300.0)

    assert found == every_reading(row, rows)
    assert len(found) > 2


def every_reading(row: AlertRule, rows: list[tuple[datetime, dict[str, Any]]]) -> list[Fired]:
    rule = loaded(row)
    state, window, hold_s = watched(rule.rule, since=START.timestamp()), rule.window(), rule.hold_s(300.0)
    stored = [StoredRow(1, 1, at.timestamp(), at.timestamp(), values, {}) for at, values in rows]
    decisions: list[Decision] = []
    for each in Deriver(["dew_point"], Place()).completed(stored):
        if seen := rule.observation(each, window):
            state, new = observe(rule.rule, state, seen, hold_s=hold_s)
            decisions += new
    decisions += advance(rule.rule, state, before=END.timestamp(), hold_s=hold_s)[1]
    return list(paired(decisions))


def test_derived_quantity_has_no_flag_to_watch(cast: Cast) -> None:
    with pytest.raises(Refusal, match="watch its inputs"):
        make_rule(by=cast.owner, site=cast.site, sensor=cast.sensor, now=NOW, quantity="dew_point", condition="suspect")

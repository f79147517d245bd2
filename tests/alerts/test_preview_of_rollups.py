"""The preview of a history that is rolled up, against judging every reading; both are drawn at random."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from sensorfusion.alerts.evaluation.rules import StoredRow, loaded
from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.preview import Fired, preview
from sensorfusion.domain.alert_rules.machine import Decision, Outcome, advance, observe, watched
from sensorfusion.readings.models import Exclusion, Reading
from sensorfusion.readings.stored.columns import columns, kept_columns
from tests.conftest import Cast
from tests.readings.rolled import work
from tests.storing import Row, come_late, store

START: Final = datetime(2026, 10, 23, 21, 7, 30, tzinfo=UTC)  # the clocks of Warsaw change on the 25th
END: Final = START + timedelta(days=4)
NOW: Final = END + timedelta(hours=1)
STEPS_S: Final = (20.0, 60.0, 300.0, 420.0, 3600.0)
CONDITIONS: Final = ("above", "below", "outside", "rises", "falls", "changes", "silent", "suspect", "equals")
MODES: Final = ("idle", "heat", "cool")


def history(dice: random.Random, step_s: float) -> tuple[list[Row], dict[datetime, dict[str, int]]]:
    """A value that wanders around 0, a direction, a switch and a mode, with gaps and flags."""
    rows: list[Row] = []
    flags: dict[datetime, dict[str, int]] = {}
    at, value, mode = START, 0.0, "idle"
    while at < END:
        value = value * 0.995 + dice.gauss(0, 0.3)
        mode = dice.choice(MODES) if dice.random() < 0.02 else mode
        direction = round(200 + 40 * value) % 360
        values = {"temperature": round(value, 1), "wind_direction": direction, "contact": value > 0, "mode": mode}
        rows.append((at, {name: each for name, each in values.items() if dice.random() > 0.01}))
        if dice.random() < 0.02:
            flags[at] = {name: dice.choice((3, 4)) for name in ("temperature", "mode")}
        at += timedelta(seconds=dice.uniform(400, 9000) if dice.random() < 0.01 else step_s)
    return rows, flags


def rule(dice: random.Random, cast: Cast, condition: str) -> AlertRule:
    quantity = dice.choice(("temperature", "temperature", "wind_direction"))
    fields: dict[str, Any] = {"condition": condition, "for_s": dice.choice((0.0, 0.0, 300.0, 900.0, 7200.0))}
    if dice.random() < 0.5:
        fields["clear_for_s"] = dice.choice((120.0, 5400.0))
    if dice.random() < 0.4:
        fields |= {"starts_min": dice.randrange(0, 1440, 30), "ends_min": dice.randrange(0, 1440, 30)}
        fields["weekdays"] = dice.randrange(1, 128)
    if condition in ("above", "below", "outside"):
        fields |= _limits(dice, condition, 200.0 if quantity == "wind_direction" else 0.0)
    elif condition in ("rises", "falls", "changes"):
        quantity = "temperature"
        fields |= {"high": dice.choice((1.0, 2.0, 4.0)), "within_s": dice.choice((600.0, 5000.0, 20000.0))}
        fields["clear_high"] = fields["high"] - dice.choice((0.0, 0.5))
    elif condition == "silent":
        quantity, fields["for_s"] = dice.choice(("", "temperature", "mode")), dice.choice((200.0, 1500.0, 5000.0))
    elif condition == "equals":
        quantity, fields["expected"] = dice.choice((("contact", True), ("contact", False), ("mode", "heat")))
    else:
        quantity = dice.choice(("temperature", "mode"))
    return AlertRule(site=cast.site, quantity=quantity, **fields)


def _limits(dice: random.Random, condition: str, middle: float) -> dict[str, float]:
    size = 30.0 if middle else 1.0
    low, high = (round(middle + size * dice.uniform(*span), 1) for span in ((-2, 0), (0, 2)))
    found = {"high": high, "clear_high": high - size * dice.choice((0, 0, 0.5))}
    if condition != "above":
        found |= {"low": low, "clear_low": low + size * dice.choice((0, 0, 0.5))}
    return {name: each for name, each in found.items() if condition != "below" or name.endswith("low")}


def every_reading(row: AlertRule, rows: Sequence[StoredRow], interval_s: float) -> list[Fired]:
    """Judge each reading as the watcher does."""
    made = loaded(row)
    state, window, hold_s = watched(made.rule, since=START.timestamp()), made.window(), made.hold_s(interval_s)
    decisions: list[Decision] = []
    for each in rows:
        if seen := made.observation(each, window):
            state, new = observe(made.rule, state, seen, hold_s=hold_s)
            decisions += new
    decisions += advance(made.rule, state, before=END.timestamp(), hold_s=hold_s)[1]
    return list(paired(decisions))


def paired(decisions: Sequence[Decision]) -> Iterator[Fired]:
    ends = [each for each in decisions if each.outcome is not Outcome.FIRED] + [None]
    for fired, end in zip((each for each in decisions if each.outcome is Outcome.FIRED), ends, strict=False):
        yield Fired(fired.since, fired.at, end.at if end else None, end.outcome if end else None)


Sent = tuple[datetime, dict[str, Any], dict[str, int]]


def stored(sent: Sequence[Sent], hidden: tuple[datetime, datetime]) -> list[StoredRow]:
    """Return what was sent in order, without the values that are excluded."""
    rows = []
    for at, values, flags in sorted(sent, key=lambda each: each[0]):
        is_hidden = hidden[0] <= at < hidden[1]
        left = {name: each for name, each in values.items() if not (is_hidden and name == "temperature")}
        rows.append(StoredRow(1, 1, at.timestamp(), at.timestamp(), left, flags))
    return rows


def tried(row: AlertRule, cast: Cast, step_s: float, *, is_kept: bool) -> list[Fired]:
    """Try a rule of which nothing was read before, or whose columns are kept."""
    kept_columns.clear()
    if is_kept and row.quantity:
        assert list(columns(cast.sensor.pk, row.quantity, START, END))
    return preview(loaded(row), sensor=cast.sensor.pk, start=START, end=END, interval_s=step_s)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step_s", STEPS_S)
def test_preview_by_rollups_is_what_every_reading_says(cast: Cast, step_s: float) -> None:
    """With a late hour that is not rolled up yet, and an excluded afternoon."""
    dice = random.Random(step_s)
    rows, flags = history(dice, step_s)
    store(cast.sensor, rows, flags)
    hidden = (START + timedelta(hours=40), START + timedelta(hours=43))
    Exclusion.objects.create(
        sensor=cast.sensor, quantity="temperature", starts_at=hidden[0], ends_at=hidden[1], made_at=NOW
    )
    chores = work(NOW)
    chores.all()
    chores.connection.close()
    late = START + timedelta(hours=20, seconds=7)
    come_late(cast.sensor, late, {"temperature": 9.9})
    sent: list[Sent] = [(at, dict(values), flags.get(at, {})) for at, values in rows]
    counted = stored([*sent, (late, {"temperature": 9.9}, {})], hidden)
    fired = 0
    for number in range(45):
        row = rule(dice, cast, CONDITIONS[number % len(CONDITIONS)])
        true = every_reading(row, counted, step_s)
        for is_kept in (False, True):
            found = tried(row, cast, step_s, is_kept=is_kept)

            differing = set(found) ^ set(true)
            assert not differing, (number, is_kept, {name: each for name, each in vars(row).items() if each})
        fired += len(true)
    assert fired > 100


@pytest.mark.django_db(transaction=True)
def test_five_minutes_whose_readings_are_gone_count_by_their_first_and_last(cast: Cast) -> None:
    begin = datetime(2026, 10, 24, tzinfo=UTC)
    minutes = [begin + timedelta(minutes=each) for each in range(1440)]
    warm = (begin + timedelta(hours=12, minutes=2), begin + timedelta(hours=15, minutes=2))
    store(cast.sensor, [(at, {"temperature": 5.0 if warm[0] <= at < warm[1] else 0.0}) for at in minutes])
    chores = work(begin + timedelta(days=2))
    chores.all()
    chores.connection.close()
    Reading.objects.filter(sensor=cast.sensor).delete()
    row = AlertRule(site=cast.site, quantity="temperature", condition="above", high=2.0)

    found = preview(loaded(row), sensor=cast.sensor.pk, start=begin, end=begin + timedelta(days=1), interval_s=60.0)

    ends = [(warm[edge] + timedelta(minutes=2)).timestamp() for edge in (0, 1)]
    assert found == [Fired(ends[0], ends[0], ends[1], Outcome.CLEARED)]

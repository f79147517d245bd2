"""Drawn rules on what drawn readings derive: the preview by the extremes of rollups, against judging every reading."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from sensorfusion.alerts.evaluation.derived import Deriver
from sensorfusion.alerts.evaluation.rules import StoredRow, loaded
from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.preview import Fired, preview
from sensorfusion.domain.weather.derivation import Place
from sensorfusion.readings.models import Exclusion
from tests.alerts.test_preview_of_rollups import every_reading
from tests.conftest import Cast
from tests.readings.rolled import work
from tests.storing import Row, come_late, store

START: Final = datetime(2026, 10, 23, 21, 7, 30, tzinfo=UTC)  # the clocks of Warsaw change on the 25th
END: Final = START + timedelta(days=4)
NOW: Final = END + timedelta(hours=1)
LATE: Final = START + timedelta(hours=20, seconds=7)
HIDDEN: Final = (START + timedelta(hours=40), START + timedelta(hours=43))
# What is judged, and about where it is.
JUDGED: Final = (
    ("dew_point", "", 3.6), ("feels_like", "", 8.0), ("vapour_pressure_deficit", "", 0.45), ("wind_chill", "", 8.0),
    ("dew_point", "soil_temperature", -5.0), ("temperature", "soil_temperature", 0.0),
    ("soil_temperature", "feels_like", 1.0),
    ("temperature", "dew_point", 5.0),
)  # fmt: skip
SPREAD: Final = {"vapour_pressure_deficit": 0.1}


def history(dice: random.Random, step_s: float, is_together: bool) -> tuple[list[Row], dict[datetime, dict[str, int]]]:
    """A station whose values come together, or each by itself, with gaps and flags."""
    rows: list[Row] = []
    flags: dict[datetime, dict[str, int]] = {}
    at, warm, damp = START, 0.0, 0.0
    while at < END:
        warm, damp = warm * 0.997 + dice.gauss(0, 0.25), damp * 0.99 + dice.gauss(0, 1.0)
        values = {
            "temperature": round(9 + warm, 1),
            "humidity": float(min(100, max(0, round(68 + 3 * damp)))),
            "soil_temperature": round(9 + 0.3 * warm, 1),
            "wind_speed": round(abs(damp), 1),
        }
        kept = [name for name in values if dice.random() > (0.01 if is_together else 0.5)]
        rows.append((at, {name: values[name] for name in kept}))
        if dice.random() < 0.02:
            flags[at] = {"humidity": dice.choice((3, 4))}
        at += timedelta(seconds=dice.uniform(400, 9000) if dice.random() < 0.01 else step_s)
    return [each for each in rows if each[1]], flags


def rule(dice: random.Random, cast: Cast, condition: str) -> AlertRule:
    quantity, than, middle = dice.choice(JUDGED)
    fields: dict[str, Any] = {"condition": condition, "for_s": dice.choice((0.0, 0.0, 300.0, 900.0, 7200.0))}
    if dice.random() < 0.5:
        fields["clear_for_s"] = dice.choice((120.0, 5400.0))
    if dice.random() < 0.4:
        fields |= {"starts_min": dice.randrange(0, 1440, 30), "ends_min": dice.randrange(0, 1440, 30)}
        fields["weekdays"] = dice.randrange(1, 128)
    size = SPREAD.get(quantity, 2.0)
    if condition in ("rises", "falls", "changes"):
        than = ""
        quantity = dice.choice(("dew_point", "feels_like"))
        fields |= {"high": dice.choice((1.0, 2.0)), "within_s": dice.choice((600.0, 5000.0, 20000.0))}
    elif condition == "silent":
        than, quantity, fields["for_s"] = "", "dew_point", dice.choice((1500.0, 5000.0))
    else:
        low, high = (middle + size * dice.uniform(*span) for span in ((-1, 0), (0, 1)))
        if condition != "below":
            fields |= {"high": high, "clear_high": high - size * dice.choice((0, 0, 0.3))}
        if condition != "above":
            fields |= {"low": low, "clear_low": low + size * dice.choice((0, 0, 0.3))}
    return AlertRule(site=cast.site, quantity=quantity, than=than, **fields)


def derived(row: AlertRule, rows: list[StoredRow]) -> list[StoredRow]:
    """Let a deriver of its own see every reading."""
    return Deriver([loaded(row).judged], Place()).completed(rows)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("step_s", "is_together"), [(60.0, True), (60.0, False), (300.0, True), (420.0, False)])
def test_preview_by_extremes_is_what_every_reading_derives(cast: Cast, step_s: float, is_together: bool) -> None:
    """With a late reading that is not rolled up yet, and an excluded afternoon."""
    dice = random.Random(step_s + is_together)
    sent, flags = history(dice, step_s, is_together)
    store(cast.sensor, sent, flags)
    Exclusion.objects.create(
        sensor=cast.sensor, quantity="temperature", starts_at=HIDDEN[0], ends_at=HIDDEN[1], made_at=NOW
    )
    chores = work(NOW)
    chores.all()
    chores.connection.close()
    come_late(cast.sensor, LATE, {"temperature": 19.9})
    rows = counted([*sent, (LATE, {"temperature": 19.9})], flags)
    found: list[Fired] = []
    for number in range(48):
        row = rule(
            dice, cast, ("above", "below", "outside", "above", "below", "rises", "changes", "silent")[number % 8]
        )
        seen = preview(loaded(row), sensor=cast.sensor.pk, start=START, end=END, interval_s=step_s)

        differing = set(seen) ^ set(every_reading(row, derived(row, rows), step_s))
        assert not differing, (number, {name: each for name, each in vars(row).items() if each})
        found += seen
    assert len(found) > 100


def counted(sent: list[Row], flags: dict[datetime, dict[str, int]]) -> list[StoredRow]:
    """Return what was sent in order, without the values that are excluded."""
    rows = []
    for at, values in sorted(sent, key=lambda each: each[0]):
        is_hidden = HIDDEN[0] <= at < HIDDEN[1]
        left = {name: each for name, each in values.items() if not (is_hidden and name == "temperature")}
        rows.append(StoredRow(1, 1, at.timestamp(), at.timestamp(), left, flags.get(at, {})))
    return rows

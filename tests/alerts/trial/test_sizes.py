"""The sizes of changes in columns, against the window of live judging; both are drawn at random."""

import random
from array import array
from typing import Any

import pytest

from sensorfusion.alerts.trial.codes import CODES, SIGNALS
from sensorfusion.alerts.trial.sizes import Sizes
from sensorfusion.domain.alert_rules.conditions import CHANGING, Condition, Rule, Signal, Window
from sensorfusion.domain.normalise import is_number
from sensorfusion.readings.stored.columns import Columns, epoch_s


def drawn(dice: random.Random, *, has_others: bool) -> Columns:
    at, value, micros, values = 0, 0.0, [], []
    for _ in range(600):
        at += dice.choice((1_000_000, 60_000_000, 60_000_000, 300_000_001, 4_000_000_000 if dice.random() < 0.1 else 7))
        value = value * 0.99 + dice.gauss(0, 0.5)
        micros.append(at)
        values.append(round(value, 1))
    others: list[Any] = [each if dice.random() < 0.9 else dice.choice(("off", True)) for each in values]
    return Columns(array("q", micros), others if has_others else array("d", values), b"0" * len(micros))


def one_by_one(rule: Rule, found: Columns) -> list[Signal]:
    window = Window(rule.condition, rule.within_s)
    return [
        rule.signal(window.add(epoch_s(at), value) if is_number(value) else None)
        for at, value in zip(found.at, found.values, strict=True)
    ]


@pytest.mark.parametrize("has_others", [False, True])
@pytest.mark.parametrize("condition", sorted(CHANGING))
def test_sizes_say_what_a_window_says(condition: Condition, has_others: bool) -> None:
    dice = random.Random(f"{condition}{has_others}")
    said = set()
    for _ in range(30):
        found, high = drawn(dice, has_others=has_others), dice.choice((0.3, 1.0, 2.5))
        clear = dice.choice((None, high, high - 0.2))
        rule = Rule(condition=condition, high=high, clear_high=clear, within_s=dice.choice((50.0, 600.0, 9000.0)))
        cut = dice.randrange(len(found.at))
        sizes = Sizes(rule)

        codes = sizes.codes(found[:cut]) + sizes.codes(found[cut:])

        assert [SIGNALS[each] for each in codes] == one_by_one(rule, found)
        said |= set(codes)
    assert {CODES[Signal.OVER], CODES[Signal.CLEAR], CODES[Signal.BETWEEN]} <= said

"""Flags over time compared with ioos-qc, the reference implementation of QARTOD's tests, over seeded random walks.

Readings come once a minute, because ioos-qc knows no missing neighbours, and it measures each step from the value
before, where the platform leaves out spikes: so each kind of check is compared alone.
"""

import random
from collections.abc import Sequence

import pytest
from ioos_qc import qartod

from sensorfusion.domain.quality import Flag, range_flag
from sensorfusion.domain.quality_over_time import Checks, Flat, Limits, Observed, judge
from sensorfusion.domain.quantities import CATALOGUE

pytestmark = pytest.mark.slow_oracle
BEGAN = 1_780_000_000.0
MINUTE = 60.0
QUANTITY = "level"  # one whose steps no resolution explains
SEEDS = pytest.mark.parametrize("seed", range(20))


def walk(seed: int, *, step: float, count: int = 600) -> list[float]:
    dice, value, values = random.Random(seed), 10.0, []
    for _ in range(count):
        value += dice.gauss(0, step)
        values.append(round(value, 9))
    return values


def flags(values: Sequence[float], checks: Checks) -> list[int]:
    """Return the platform's flags of values once a minute."""
    readings = [Observed(BEGAN + MINUTE * place, {QUANTITY: value}) for place, value in enumerate(values)]
    return [int(each.get(QUANTITY, Flag.GOOD)) for each in judge(readings, {QUANTITY: checks})]


def times(values: Sequence[float]) -> list[float]:
    return [BEGAN + MINUTE * place for place in range(len(values))]


@SEEDS
def test_spikes_are_those_of_the_differential_method(seed: int) -> None:
    values = walk(seed, step=1.5)

    found = flags(values, Checks(spike=Limits(1.0, 2.0)))
    expected = qartod.spike_test(values, suspect_threshold=1.0, fail_threshold=2.0, method="differential")

    assert set(found) == {1, 3, 4}
    assert found[1:-1] == expected.tolist()[1:-1]  # the first and the last value have one neighbour only
    assert (found[0], found[-1]) == (1, 1)


@SEEDS
def test_steps_are_those_of_the_rate_of_change(seed: int) -> None:
    values = walk(seed, step=1.5)

    found = flags(values, Checks(step=Limits(2.0, 3.0)))
    expected = qartod.rate_of_change_test(values, times(values), threshold=2.0 / MINUTE, fail_threshold=3.0 / MINUTE)

    assert set(found) == {1, 3, 4}
    assert found == expected.tolist()


@SEEDS
def test_a_flat_line_is_one_for_both(seed: int) -> None:
    still = [20.0 + 1e-4 * (place % 3) for place in range(400)]
    values = [*walk(seed, step=0.5, count=200), *still, *walk(seed + 100, step=0.5, count=100)]

    found = flags(values, Checks(flat=Flat(0.1, 7200.0)))
    expected = qartod.flat_line_test(values, times(values), suspect_threshold=7200, fail_threshold=10**6, tolerance=0.1)

    # The platform flags once 80 % of the two hours are covered, which at a full series is the same instant.
    different = [place for place in range(len(values)) if found[place] != int(expected[place])]
    assert Flag.SUSPECT in found
    assert len(different) <= 1


@pytest.mark.parametrize("name", ["temperature", "humidity", "pressure", "wind_speed", "rain", "solar_radiation"])
def test_the_plausible_range_is_the_gross_range(name: str) -> None:
    entry, dice = CATALOGUE[name], random.Random(name)
    low, high = entry.plausible_low or 0.0, entry.plausible_high or 0.0
    values = [low, high, *(dice.uniform(low - 0.3 * (high - low), high + 0.3 * (high - low)) for _ in range(400))]

    found = [int(range_flag(entry, value)) for value in values]

    assert found == qartod.gross_range_test(values, fail_span=(low, high)).tolist()
    assert set(found) == {1, 4}

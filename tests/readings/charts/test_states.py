"""Spans of states against an oracle that walks over the readings one by one."""

import itertools
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.domain.quantities.spans import Spans
from sensorfusion.readings.charts import states as read
from sensorfusion.readings.models import Exclusion
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Told = list[tuple[float, str]]


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def doors(sensor: Sensor, start: float, end: float, interval_s: float | None = 60) -> Spans:
    return read.states(sensor=sensor.pk, name="door_open", start=at(start), end=at(end), interval_s=interval_s)


def keep(sensor: Sensor, rows: Sequence[tuple[float, Any]], name: str = "door_open") -> None:
    store(sensor, [(at(second), {name: value}) for second, value in rows])


def brief(spans: Spans) -> list[tuple[str, float, float]]:
    noon = NOON.timestamp()
    return [(each.state, each.start - noon, each.end - noon) for each in spans.spans]


def test_a_state_lasts_from_its_first_reading_to_the_first_of_the_next(cast: Cast) -> None:
    keep(cast.sensor, [(0, False), (60, True), (120, True), (180, False), (240, False)])

    assert brief(doors(cast.sensor, 0, 600)) == [("false", 0, 60), ("true", 60, 180), ("false", 180, 240)]


def test_no_span_reaches_over_a_gap(cast: Cast) -> None:
    keep(cast.sensor, [*((60 * n, True) for n in range(5)), *((3600 + 60 * n, True) for n in range(5))])

    found = doors(cast.sensor, 0, 7200)

    assert brief(found) == [("true", 0, 240), ("true", 3600, 3840)]
    assert (found.times("true"), found.total_s("true")) == (1, 480)


def test_what_was_before_the_range_tells_how_it_begins(cast: Cast) -> None:
    keep(cast.sensor, [(60 * n, n < 10) for n in range(20)])

    assert brief(doors(cast.sensor, 90, 630)) == [("true", 90, 600), ("false", 600, 630)]


def test_a_door_that_reports_when_it_moves_is_closed_in_between(cast: Cast) -> None:
    hourly = [(3600.0 * n, False) for n in range(24)]
    keep(cast.sensor, sorted([*hourly, (40000.0, True), (40012.0, False)]))

    found = doors(cast.sensor, 0, 86400, interval_s=3600)

    assert (found.times("true"), found.total_s("true"), found.total_s("false")) == (1, 12, 23 * 3600 - 12)


def test_words_are_states_and_numbers_are_none(cast: Cast) -> None:
    keep(cast.sensor, [(0, "idle"), (60, "heat"), (120, 7), (180, "heat"), (240, "idle")], name="mode")

    found = read.states(sensor=cast.sensor.pk, name="mode", start=at(0), end=at(600), interval_s=60)

    assert brief(found) == [("idle", 0, 60), ("heat", 60, 240), ("idle", 240, 240)]


def test_an_excluded_reading_says_nothing(cast: Cast) -> None:
    keep(cast.sensor, [(60 * n, n == 2) for n in range(6)])
    Exclusion.objects.create(
        sensor=cast.sensor, quantity="door_open", starts_at=at(120), ends_at=at(121), reason="cleaned", made_at=NOON
    )

    assert [each.state for each in doors(cast.sensor, 0, 600).spans] == ["false"]


def test_the_ends_of_a_band_are_within_it(cast: Cast) -> None:
    keep(cast.sensor, [(0, -18.0), (60, -17.9), (120, -25.0), (180, -25.1), (240, -20.0)], name="temperature")

    found = read.zones(
        sensor=cast.sensor.pk, name="temperature", low=-25, high=-18, start=at(0), end=at(600), interval_s=60
    )

    assert [each[0] for each in brief(found)] == ["within", "above", "within", "below", "within"]
    assert found.total_s("above", "below") == 120
    assert [each.high for each in found.of("above")] == [-17.9]


def test_an_outsiders_sensor_has_no_part_in_it(cast: Cast) -> None:
    keep(cast.sensor, [(0, True), (60, True)])

    assert read.states(sensor=cast.sensor.pk + 1, name="door_open", start=at(0), end=at(9), interval_s=60).spans == []


@pytest.mark.parametrize("seed", range(12))
def test_the_time_in_each_state_is_that_of_an_oracle(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    told = _made(chance)
    keep(cast.sensor, [(second, state == "true") for second, state in told])
    start, end = sorted(chance.uniform(-600, told[-1][0] + 600) for _ in range(2))
    interval_s = chance.choice([None, 30.0, 300.0])

    found = doors(cast.sensor, start, end, interval_s)

    want = _seconds(told, start, end, _longest(told, end, interval_s))
    for state in ("true", "false"):
        assert found.total_s(state) == pytest.approx(want[state], abs=1e-4)
    assert all(a.end <= b.start for a, b in zip(found.spans, found.spans[1:], strict=False))


def _made(chance: random.Random) -> Told:
    told, second = [], 0.0
    for _ in range(chance.randrange(2, 200)):
        told.append((round(second, 3), chance.choice(["true", "false", "false"])))
        second += chance.choice([10, 60, 60, 60, 61.5, chance.uniform(1, 4000)])
    return told


def _longest(told: Told, end: float, interval_s: float | None) -> float:
    read = [second for second, _ in told if second < end + 86400]
    steps = sorted(b - a for a, b in itertools.pairwise(read))
    late = 3600.0 if interval_s is None else max(2.5 * interval_s, 10.0)
    own = 2.5 * steps[math.ceil(0.9 * len(steps)) - 1] if len(steps) >= 20 else 0.0
    return min(86400.0, max(late, own))


def _seconds(told: Told, start: float, end: float, longest: float) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for (second, state), (after, _) in itertools.pairwise(told):
        if after - second <= longest:
            found[state] += max(0.0, min(after, end) - max(second, start))
    return found

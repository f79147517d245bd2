"""Reasons of flags: each check that flags a value is named with its limits, and only that one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sensorfusion.clients.python.sensorfusion_reader import Reading
from sensorfusion.domain.quality_over_time import DEFAULTS
from sensorfusion.mcp.reasons import CLOCK, Reasons

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def reasons(*rows: Mapping[str, Any], step: timedelta = MINUTE) -> Reasons:
    readings = [Reading("a", n, TEN + step * n, TEN + step * n, values, {}, ()) for n, values in enumerate(rows, 1)]
    return Reasons(readings, DEFAULTS)


def temperatures(values: Sequence[float]) -> Reasons:
    return reasons(*({"temperature": value} for value in values))


def test_a_value_outside_the_limits_is_implausible() -> None:
    assert temperatures([70.0]).of(0, "temperature") == ["implausible: outside -80 to 60 of the catalogue"]


def test_a_spike_is_a_step_too_and_the_value_after_it_is_neither() -> None:
    found = temperatures([20.0, 20.1, 30.0, 20.2, 20.3])

    assert [each.split(":")[0] for each in found.of(2, "temperature")] == ["step", "spike"]
    assert "more than 3 (suspect) or 5 (bad) a minute" in found.of(2, "temperature")[0]
    assert found.of(3, "temperature") == [
        "no check in force now explains it: its neighbours or the checks have changed since"
    ]


def test_a_step_is_not_a_spike() -> None:
    found = temperatures([20.0, 20.1, 30.0, 30.1, 30.2])

    assert [each.split(":")[0] for each in found.of(2, "temperature")] == ["step"]


def test_a_flat_line_names_its_length() -> None:
    found = reasons(*({"temperature": 20.0} for _ in range(30)), step=timedelta(minutes=30))

    assert found.of(29, "temperature") == ["flat line: it moved by less than 0.1 in 12 h"]


def test_contradictions_of_one_reading_are_named() -> None:
    (why,) = reasons({"wind_speed": 5.0, "wind_gust": 2.0}).of(0, "wind_gust")

    assert why == "contradiction: the gust is below the mean wind of the same reading"


def test_a_clock_that_is_ahead_and_one_that_was_never_set_are_told_apart() -> None:
    late = Reading("a", 1, TEN + MINUTE * 9, TEN, {}, {CLOCK: 3}, ())
    unset = Reading("a", 2, TEN, TEN, {}, {CLOCK: 3}, ())

    found = Reasons([late, unset], DEFAULTS)

    assert "is ahead" in found.of(0, CLOCK)[0]
    assert "was not set" in found.of(1, CLOCK)[0]


def test_values_of_quantities_that_are_not_known_have_no_reason() -> None:
    assert reasons({"foo": 1e50}).of(0, "foo")[0].startswith("no check in force now")

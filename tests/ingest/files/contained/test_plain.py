"""Cells that may be sent, and what they weigh."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sensorfusion.ingest.files.contained.plain import DEEPEST, TooDeep, plain_row, weight_of


def test_nested_values_are_named_and_instants_come_in_one_zone() -> None:
    at = datetime(2026, 11, 20, 7, tzinfo=timezone(timedelta(hours=1)))

    assert plain_row((1, (at, [1], {"a": 1}, 2.5), "")) == (
        1,
        [datetime(2026, 11, 20, 6, tzinfo=UTC), "a nested value", "a nested value", 2.5],
        "",
    )


def test_row_with_a_long_value_has_no_cells() -> None:
    assert plain_row((3, ("x" * 4097, 1), "")) == (3, [], "a value has more than 4,096 characters")


def test_texts_inside_objects_weigh_as_much_as_others() -> None:
    assert weight_of([{"name": {"deeper": ["x" * 1000]}}]) > 1000


def test_what_is_nested_too_deeply_cannot_be_sent() -> None:
    nested: object = 1
    for _ in range(DEEPEST):
        nested = [nested]

    assert weight_of([nested]) == 8
    with pytest.raises(TooDeep):
        weight_of([[nested]])

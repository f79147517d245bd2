"""Readings of one request at one instant: what differs is rejected, what is new or equal is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.steps.batch import Checked, Draft, Sent
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.conflicts import Instants

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
values = st.dictionaries(st.sampled_from("abc"), st.sampled_from([1, 2, True, "x"]), min_size=1)
requests = st.lists(st.tuples(st.integers(0, 3), values), max_size=8)


def checked(*readings: tuple[object, dict[str, Any]]) -> Checked:
    return check([Sent(values, at) for at, values in readings], received_at=NOON)


def test_second_value_of_a_quantity_is_rejected_and_says_where_the_first_is() -> None:
    found = checked((1, {"temperature": 1}), (1, {"temperature": 2, "humidity": 60}))

    assert [draft.values for draft in found.drafts] == [{"temperature": 1}, {"humidity": 60}]
    [rejected] = found.rejected
    assert (rejected.index, rejected.quantity, rejected.code) == (1, "temperature", "conflict")
    assert rejected.detail == (
        "temperature is 2 here and 1 in reading 0, at the same instant, which is kept: give each its own time, or its"
        " own name"
    )


def test_readings_without_a_time_have_one_instant() -> None:
    found = checked((None, {"temperature": 1}), (None, {"temperature": 2}), (None, {"humidity": 3}))

    assert [draft.values for draft in found.drafts] == [{"temperature": 1}, {"humidity": 3}]
    assert [each.code for each in found.rejected] == ["conflict"]


def test_reading_that_repeats_earlier_ones_stays_as_a_duplicate_without_flags() -> None:
    found = checked((1, {"temperature": 70, "humidity": 5}), (1, {"temperature": 70.0}))

    assert [(draft.values, draft.flags) for draft in found.drafts[1:]] == [({}, None)]
    assert found.rejected == []


def test_true_is_not_one() -> None:
    assert [each.code for each in checked((1, {"pump": 1}), (1, {"pump": True})).rejected] == ["conflict"]


def test_position_of_the_first_is_that_in_the_request_of_a_gateway() -> None:
    found = check([Sent({"a": 1}), Sent({"a": 2})], received_at=NOON, places=[7, 9])

    assert "1 in reading 7, at the same instant" in found.rejected[0].detail


@given(requests)
def test_first_values_are_kept_whatever_the_order_of_instants(sent: list[tuple[int, dict[str, Any]]]) -> None:
    drafts: list[Draft] = []
    instants = Instants(drafts)
    first: dict[tuple[int, str], Any] = {}
    rejected: list[tuple[int, str]] = []
    for index, (second, given_values) in enumerate(sent):
        for name, value in given_values.items():
            kept = first.setdefault((second, name), value)
            if kept != value or isinstance(kept, bool) != isinstance(value, bool):
                rejected.append((index, name))
        conflicts = instants.add(Draft(NOON + timedelta(seconds=second), dict(given_values), index=index))
        assert [(each.index, each.quantity) for each in conflicts] == [one for one in rejected if one[0] == index]

    gained = [((draft.observed_at - NOON).seconds, name) for draft in drafts for name in draft.values]
    assert len(gained) == len(set(gained))
    assert {
        ((draft.observed_at - NOON).seconds, name): value for draft in drafts for name, value in draft.values.items()
    } == first

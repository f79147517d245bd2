"""Slow work has a number of slots, and no operator has two of them."""

import pytest

from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.slots import Slots


def test_second_work_of_an_operator_is_refused_and_that_of_another_is_not() -> None:
    slots = Slots(3, what="exports")

    with slots.of(1):
        with pytest.raises(Refusal) as refused, slots.of(1):
            pass
        with slots.of(2):
            pass
    with slots.of(1):
        pass

    assert (refused.value.code, refused.value.status) == ("one_at_a_time", 429)
    assert refused.value.retry_after_s


def test_work_beyond_the_slots_is_refused_until_one_is_free() -> None:
    slots = Slots(2, what="exports")

    with slots.of(1):
        with slots.of(2), pytest.raises(Refusal) as refused, slots.of(3):
            pass
        with slots.of(3):
            pass

    assert (refused.value.code, refused.value.status) == ("overloaded", 503)


def test_slot_is_given_back_after_an_error() -> None:
    slots = Slots(1, what="exports")

    with pytest.raises(ValueError, match="broken"), slots.of(1):
        raise ValueError("broken")

    with slots.of(1):
        pass

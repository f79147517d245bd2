"""How far a clock is ahead is said in the unit of the mistake that it comes from."""

from datetime import timedelta

import pytest

from sensorfusion.ingest.steps.clock_notes import ahead, not_set


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (timedelta(minutes=6), "6 minutes"),
        (timedelta(hours=1), "60 minutes"),
        (timedelta(hours=9, seconds=-2), "9 hours"),
        (timedelta(hours=5, minutes=30), "5.5 hours"),
        (timedelta(days=3, hours=1), "3 days"),
    ],
)
def test_how_far_ahead_is_said_in_the_unit_of_the_mistake(by: timedelta, words: str) -> None:
    note = ahead(by)

    assert note.code == "clock_ahead"
    assert f" {words} ahead." in note.detail


@pytest.mark.parametrize(("sent", "words"), [(12, "It sent 12:"), (None, "an unreadable time")])
def test_what_a_clock_that_is_not_set_sent_is_said(sent: object, words: str) -> None:
    note = not_set(sent)

    assert note.code == "clock_not_set"
    assert words in note.detail

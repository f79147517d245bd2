"""Where the marks of a rule's week stand."""

from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.alerts.showing.strips import Strip, mark

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
WEEK_AGO = NOW - timedelta(days=7)


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (timedelta(days=7), timedelta(days=6), ("0%", "14.3%")),
        (timedelta(hours=84), timedelta(hours=42), ("50%", "25%")),
        (timedelta(seconds=30), timedelta(), ("99.4%", "0.6%")),
    ],
)
def test_mark_is_as_long_as_the_alert_and_can_be_seen(
    begins: timedelta, ends: timedelta, expected: tuple[str, str]
) -> None:
    made = mark(NOW - begins, NOW - ends, WEEK_AGO, NOW)

    assert (made.x, made.width) == expected


def test_strip_without_marks_says_so() -> None:
    assert Strip([], 0, "").said == "not in 7 days"

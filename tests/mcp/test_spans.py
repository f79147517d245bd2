"""Spans of time in words, on the days of a site, across the changes of its clocks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.mcp.answers import CannotAnswer
from sensorfusion.mcp.spans import Days, span_of

WARSAW = ZoneInfo("Europe/Warsaw")
DAYS = Days(WARSAW)
NOW = datetime(2026, 11, 26, 15, 30, tzinfo=WARSAW)  # a Thursday
MIDNIGHTS = {
    "today": ("2026-11-26", None),
    "yesterday": ("2026-11-25", "2026-11-26"),
    "this week": ("2026-11-23", None),
    "last week": ("2026-11-16", "2026-11-23"),
    "this month": ("2026-11-01", None),
    "last month": ("2026-10-01", "2026-11-01"),
    "This Year": ("2026-01-01", None),
    "last year": ("2025-01-01", "2026-01-01"),
    "2026-11-22": ("2026-11-22", "2026-11-23"),
    "2026-10-25": ("2026-10-25", "2026-10-26"),
    "2026-02": ("2026-02-01", "2026-03-01"),
    "2024": ("2024-01-01", "2025-01-01"),
    "2026-11-01/2026-11-08": ("2026-11-01", "2026-11-09"),
    "2025/2026-02": ("2025-01-01", "2026-03-01"),
    "2026-11-01/now": ("2026-11-01", None),
}


def midnight(day: str | None) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=WARSAW) if day else NOW


@pytest.mark.parametrize("text", MIDNIGHTS)
def test_words_and_dates_are_whole_days_of_the_site_up_to_now(text: str) -> None:
    start, end = MIDNIGHTS[text]
    found = span_of(text, days=DAYS, now=NOW)

    assert (found.start, found.end) == (midnight(start), midnight(end))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("last 24 h", timedelta(hours=24)),
        ("the last 90 minutes", timedelta(minutes=90)),
        ("Past 7 days", timedelta(days=7)),
        ("last  2w", timedelta(weeks=2)),
    ],
)
def test_last_of_a_number_ends_now(text: str, length: timedelta) -> None:
    found = span_of(text, days=DAYS, now=NOW)

    assert found.end == NOW
    assert found.end.timestamp() - found.start.timestamp() == length.total_seconds()


def test_instants_have_their_own_zone_or_that_of_the_site() -> None:
    found = span_of("2026-11-22T06:00Z/2026-11-22T12:00", days=DAYS, now=NOW)

    assert (found.start.isoformat(), found.end.isoformat()) == (
        "2026-11-22T06:00:00+00:00",
        "2026-11-22T12:00:00+01:00",
    )


def test_days_begin_at_the_hour_of_the_site() -> None:
    days, early = Days(WARSAW, 9), datetime(2026, 11, 26, 8, tzinfo=WARSAW)

    assert span_of("today", days=days, now=early).start == datetime(2026, 11, 25, 9, tzinfo=WARSAW)
    assert span_of("2026-11-22", days=days, now=NOW).start == datetime(2026, 11, 22, 9, tzinfo=WARSAW)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13", "2026-02-30", "last h", "last 999999 weeks", "this hour", "/", "2026-11-22T06:00Z", "9999"],
)
def test_what_is_no_span_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(CannotAnswer, match=r"is no span of time\. Write "):
        span_of(text, days=DAYS, now=NOW)


@pytest.mark.parametrize("text", ["2026-11-08/2026-11-01", "now/now", "last 0 h"])
def test_an_empty_span_is_refused(text: str) -> None:
    with pytest.raises(CannotAnswer, match="after its start"):
        span_of(text, days=DAYS, now=NOW)


@given(st.text(max_size=60))
def test_any_text_is_a_span_or_refused(text: str) -> None:
    try:
        found = span_of(text, days=DAYS, now=NOW)
    except CannotAnswer:
        return
    assert found.start < found.end

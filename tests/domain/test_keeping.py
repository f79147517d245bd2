"""The start of the retention of single readings."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sensorfusion.domain.keeping import FOR_EVER, kept_from


@pytest.mark.parametrize(
    ("now", "months", "since"),
    [
        ("2026-11-22", 1, "2026-10-01"),
        ("2026-11-22", 12, "2025-11-01"),
        ("2026-01-31", 1, "2025-12-01"),
        ("2026-12-01", 24, "2024-12-01"),
        ("2026-11-22", 1200, "1926-11-01"),
    ],
)
def test_whole_months_before_the_present_one_are_kept(now: str, months: int, since: str) -> None:
    assert kept_from(now=_day(now), months=months) == _day(since)


def test_nothing_ends_what_is_kept_for_ever() -> None:
    assert kept_from(now=_day("2026-11-22"), months=FOR_EVER) is None


def test_months_are_those_of_utc() -> None:
    east = datetime(2026, 12, 1, 1, tzinfo=timezone(timedelta(hours=2)))

    assert kept_from(now=east, months=1) == _day("2026-10-01")


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

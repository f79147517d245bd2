from datetime import UTC, date, datetime, timedelta

import pytest

from sensorfusion.documents.mailing.due import due, newest_over, with_last_day
from sensorfusion.documents.mailing.models import Every
from sensorfusion.documents.periods import Period
from sensorfusion.readings.rollups.days import Calendar

MINUTE = timedelta(minutes=1)
WARSAW, NINE = Calendar("Europe/Warsaw"), Calendar("Europe/Warsaw", 9)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


# How often, the calendar, when the newest period is due, and that period's days.
CASES = [
    (Every.DAY, Calendar(), at(2026, 11, 22, 1), ("2026-11-21", "2026-11-21")),
    (Every.DAY, WARSAW, at(2026, 11, 22, 0), ("2026-11-21", "2026-11-21")),
    (Every.DAY, WARSAW, at(2026, 7, 22, 23), ("2026-07-22", "2026-07-22")),
    (Every.DAY, NINE, at(2026, 11, 22, 9), ("2026-11-21", "2026-11-21")),
    # Days of 23 and of 25 hours end at midnight of their own clock.
    (Every.DAY, WARSAW, at(2026, 3, 29, 23), ("2026-03-29", "2026-03-29")),
    (Every.DAY, WARSAW, at(2026, 10, 26, 0), ("2026-10-25", "2026-10-25")),
    (Every.DAY, NINE, at(2026, 10, 25, 9), ("2026-10-24", "2026-10-24")),
    # In Santiago the clocks are put forward at midnight: the day begins at 1:00.
    (Every.DAY, Calendar("America/Santiago"), at(2026, 9, 6, 5), ("2026-09-05", "2026-09-05")),
    # Samoa had no 30 December 2011.
    (Every.DAY, Calendar("Pacific/Apia"), at(2011, 12, 30, 11), ("2011-12-29", "2011-12-29")),
    (Every.WEEK, WARSAW, at(2026, 11, 23, 0), ("2026-11-16", "2026-11-22")),
    (Every.WEEK, NINE, at(2026, 11, 23, 9), ("2026-11-16", "2026-11-22")),
    (Every.WEEK, Calendar("Asia/Kathmandu"), at(2027, 1, 3, 19, 15), ("2026-12-28", "2027-01-03")),
    (Every.MONTH, WARSAW, at(2026, 11, 1, 0), ("2026-10-01", "2026-10-31")),
    (Every.MONTH, NINE, at(2026, 4, 1, 8), ("2026-03-01", "2026-03-31")),
    (Every.MONTH, Calendar("America/St_Johns", 6), at(2028, 3, 1, 10, 30), ("2028-02-01", "2028-02-29")),
    (Every.MONTH, Calendar("Pacific/Kiritimati"), at(2026, 12, 31, 11), ("2026-12-01", "2026-12-31")),
]


@pytest.mark.parametrize(("every", "calendar", "when", "days"), CASES)
def test_a_period_is_due_an_hour_after_its_last_day(
    every: Every, calendar: Calendar, when: datetime, days: tuple[str, str]
) -> None:
    first, last = map(date.fromisoformat, days)

    assert (due(every, calendar=calendar, now=when).first, due(every, calendar=calendar, now=when).last) == (
        first,
        last,
    )
    assert calendar.begin(last + timedelta(days=1)) == when - timedelta(hours=1)
    before = due(every, calendar=calendar, now=when - MINUTE)
    assert before.last < first


@pytest.mark.parametrize(("every", "calendar", "when", "days"), CASES)
def test_it_is_over_before_it_is_due(every: Every, calendar: Calendar, when: datetime, days: tuple[str, str]) -> None:
    over = newest_over(every, calendar=calendar, now=when - timedelta(hours=1))

    assert over.last == date.fromisoformat(days[1])


@pytest.mark.parametrize(("every", "calendar", "when", "days"), CASES)
def test_a_period_is_found_by_its_last_day(
    every: Every, calendar: Calendar, when: datetime, days: tuple[str, str]
) -> None:
    period: Period = due(every, calendar=calendar, now=when)

    assert with_last_day(every, period.last) == period


def test_through_a_year_each_day_is_due_once_and_in_order() -> None:
    for calendar in (WARSAW, NINE, Calendar("Australia/Lord_Howe")):
        hours = [at(2026, 1, 1) + timedelta(minutes=30 * number) for number in range(365 * 48)]
        seen = [due(Every.DAY, calendar=calendar, now=each).last for each in hours]

        assert sorted(seen) == seen
        days = sorted(set(seen))
        assert days == [days[0] + timedelta(days=number) for number in range(len(days))]

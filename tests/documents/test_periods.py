from datetime import date

import pytest

from sensorfusion.documents.periods import Period, day_of, month_of, span_of, week_of, year_of


def test_a_month_has_all_of_its_days() -> None:
    period = month_of(2028, 2)

    assert period
    assert (period.title, period.address, len(period.days)) == ("February 2028", "2028/02", 29)


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 13), (1849, 5), (99_999_999_999, 1)])
def test_there_are_no_other_months(year: int, number: int) -> None:
    assert month_of(year, number) is None


def test_a_year_may_have_53_weeks() -> None:
    period = week_of(2026, 53)

    assert period
    assert (period.first, period.address) == (date(2026, 12, 28), "2026/W53")
    assert week_of(2025, 53) is None
    assert week_of(2025, 0) is None
    assert week_of(10**30, 1) is None


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    period = week_of(2026, 1)

    assert period
    assert (period.title, period.first) == ("Week 1 of 2026", date(2025, 12, 29))


@pytest.mark.parametrize(
    ("period", "before", "after"),
    [
        (month_of(2026, 1), "2025/12", "2026/02"),
        (year_of(2026), "2025", "2027"),
        (week_of(2026, 53), "2026/W52", "2027/W01"),
    ],
)
def test_periods_follow_each_other(period: Period, before: str, after: str) -> None:
    assert period.before
    assert period.after
    assert (period.before.address, period.after.address) == (before, after)


def test_a_span_is_of_a_year_at_most() -> None:
    period = span_of("2026-11-03", "2026-11-17")

    assert period
    assert (period.address, period.title) == ("2026-11-03--2026-11-17", "3 November 2026 to 17 November 2026")
    assert span_of("2026-01-01", "2027-01-01")
    assert span_of("2026-01-01", "2027-01-02") is None
    assert span_of("2026-01-02", "2026-01-01") is None
    assert span_of("2026-02-30", "2026-03-01") is None
    assert span_of("", "") is None


def test_one_day_is_named_and_has_days_beside_it() -> None:
    period = span_of("2026-03-01", "2026-03-01")

    assert period == day_of(date(2026, 3, 1))
    assert (period.title, period.short, period.sort_words) == ("1 March 2026", "1 March", "Daily report")
    assert period.address == "2026-03-01--2026-03-01"
    assert (period.before, period.after) == (day_of(date(2026, 2, 28)), day_of(date(2026, 3, 2)))
    assert day_of(date(1850, 1, 1)).before is None


def test_29_february_is_compared_with_the_28th() -> None:
    period = month_of(2028, 2)

    assert period
    assert period.in_year(2027) == (date(2027, 2, 1), date(2027, 2, 28))


def test_a_period_under_way_ends_today_and_one_to_come_has_its_first_day() -> None:
    period = month_of(2026, 11)

    assert period
    assert period.up_to(date(2026, 11, 20)).last == date(2026, 11, 20)
    assert period.up_to(date(2026, 12, 20)).last == date(2026, 11, 30)

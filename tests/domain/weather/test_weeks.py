from datetime import date, timedelta

from sensorfusion.domain.weather.climate import normals
from sensorfusion.domain.weather.weeks import Week, weeks


def test_a_week_has_the_same_dates_in_every_year() -> None:
    assert [(week.first, week.last) for week in (Week(2025, 1), Week(2025, 47), Week(2025, 52))] == [
        (date(2025, 1, 1), date(2025, 1, 7)),
        (date(2025, 11, 19), date(2025, 11, 25)),
        (date(2025, 12, 24), date(2025, 12, 31)),
    ]
    assert (Week(2024, 9).first, Week(2024, 9).last) == (date(2024, 2, 26), date(2024, 3, 4))
    assert (Week(2025, 9).first, Week(2025, 9).last) == (date(2025, 2, 26), date(2025, 3, 4))


def test_every_day_is_in_the_week_of_its_dates_and_of_the_normals() -> None:
    day = date(2023, 1, 1)
    while day < date(2026, 1, 1):
        week = Week.of(day)
        assert week.first <= day <= week.last
        assert [each.place for each in normals([day], [1.0], per="week")] == [week.number]
        day += timedelta(days=1)


def test_weeks_of_a_span_follow_each_other_over_new_year() -> None:
    assert weeks(date(2025, 12, 20), date(2026, 1, 8)) == [
        Week(2025, 51),
        Week(2025, 52),
        Week(2026, 1),
        Week(2026, 2),
    ]
    assert weeks(date(2025, 12, 31), date(2025, 12, 31)) == [Week(2025, 52)]

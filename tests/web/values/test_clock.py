"""Times of day and weeks as their reader writes them."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from sensorfusion.web.values.clock import Habits, age, clock, first_weekday, read_by, since, week_of, zone_words
from sensorfusion.web.values.freshness import why


@pytest.mark.parametrize(
    ("hour", "shown"), [(0, "12:05 am"), (1, "1:05 am"), (11, "11:05 am"), (12, "12:05 pm"), (23, "11:05 pm")]
)
def test_a_clock_of_twelve_hours_says_which_half_of_the_day_it_is(hour: int, shown: str) -> None:
    at = datetime(2026, 11, 22, hour, 5, 9, tzinfo=UTC)

    with read_by(lambda: Habits(clock="12")):
        assert clock(at).replace("\u00a0", " ") == shown
        assert clock(at, seconds=True).replace("\u00a0", " ") == shown.replace(":05", ":05:09")
    assert clock(at) == f"{hour:02}:05"


@pytest.mark.parametrize(("week", "first"), [("monday", 16), ("sunday", 22), ("saturday", 21)])
def test_a_week_begins_on_the_reader_s_day(week: str, first: int) -> None:
    with read_by(lambda: Habits(week=week)):
        assert week_of(date(2026, 11, 22)) == date(2026, 11, first)
        assert date(2026, 11, first).weekday() == first_weekday()
        assert week_of(date(2026, 11, first)) == date(2026, 11, first)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "UTC−5"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_time_zone_is_named_by_its_place(zone: str, words: str) -> None:
    assert zone_words(zone) == words


def test_ages_and_zones_are_written_in_german() -> None:
    at, now = datetime(2026, 11, 9, 14, 32, tzinfo=UTC), datetime(2026, 11, 22, 8, tzinfo=UTC)

    with override("de"):
        assert [age(seconds).replace("\u00a0", " ") for seconds in (5, 300, 7_300, 200_000)] == [
            *("vor 5 s", "vor 5 min", "vor 2 h", "vor 2 d"),
        ]
        assert (zone_words("America/New_York"), zone_words("Etc/GMT+5")) == ("Zeit von New York", "UTC−5")
        assert since(at, now=now) == "9. Nov., 14:32"
        assert why("offline", since(at, now=now)) == "Ohne Daten seit 9. Nov., 14:32"
        assert why("late", since(at, now=at)) == "Verspätet, zuletzt 14:32"
        assert why("pending", "") == "Wartet auf die erste Messung"

"""Shifting a year keeps the season and the hour; no observation is lost or repeated."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.demo.shift_year import shifted, year_before

instants = st.datetimes(datetime(2014, 2, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
hours = st.integers(0, 8759).map(lambda hour: datetime(2013, 1, 1, tzinfo=UTC) + timedelta(hours=hour))


def of_last_year(observed_at: datetime, now: datetime) -> list[datetime]:
    return list(shifted(observed_at, after=year_before(now), until=now))


@given(hours, instants)
def test_every_hour_comes_back_at_its_day_and_hour(observed_at: datetime, now: datetime) -> None:
    found = of_last_year(observed_at, now)

    same_day = [instant for instant in found if (instant.month, instant.day) == (observed_at.month, observed_at.day)]
    assert len(same_day) == 1
    assert all(instant not in same_day and (instant.month, instant.day) == (2, 29) for instant in found[1:])
    assert all((instant.hour, instant.minute, instant.second) == (observed_at.hour, 0, 0) for instant in found)
    assert all(now - timedelta(days=366) < instant <= now for instant in found)


def test_a_leap_day_shows_the_day_before_once_more() -> None:
    found = of_last_year(datetime(2013, 2, 28, 7, tzinfo=UTC), datetime(2028, 11, 1, tzinfo=UTC))

    assert found == [datetime(2028, 2, 28, 7, tzinfo=UTC), datetime(2028, 2, 29, 7, tzinfo=UTC)]


def test_a_whole_moved_year_has_every_hour_once_even_a_leap_year() -> None:
    year = [datetime(2013, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(8760)]
    now = datetime(2028, 11, 1, 9, 30, tzinfo=UTC)

    found = sorted(instant for hour in year for instant in of_last_year(hour, now))

    assert len(found) == 366 * 24
    assert found[-1] == datetime(2028, 11, 1, 9, tzinfo=UTC)
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=1)}


def test_the_year_before_a_leap_day_ends_on_the_28th() -> None:
    assert year_before(datetime(2028, 2, 29, 5, tzinfo=UTC)) == datetime(2027, 2, 28, 5, tzinfo=UTC)

"""Which months are read, how they are joined, and what is done with more readings than are read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sensorfusion.documents.states import queries
from sensorfusion.documents.states.queries import joined, months, months_with_readings, spans_of
from sensorfusion.domain.quantities.spans import Span, Spans
from sensorfusion.reports.queries import Station, stations
from tests.conftest import Cast
from tests.storing import store

HOUR = timedelta(hours=1)
START = datetime(2026, 8, 31, 22, tzinfo=UTC)  # September in Warsaw


def parted(*spans: Span) -> Spans:
    return Spans(spans, 0.0, 100.0, 10.0)


def test_a_period_touches_its_months() -> None:
    assert months(date(2026, 11, 30), date(2027, 1, 1)) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert months(date(2026, 11, 3), date(2026, 11, 3)) == [date(2026, 11, 1)]


def test_a_state_that_goes_on_over_the_end_of_a_month_is_one_span() -> None:
    found = joined([parted(Span("a", 0, 5), Span("b", 5, 10)), parted(Span("b", 10, 12), Span("a", 12, 20))])

    assert [(each.state, each.start, each.end) for each in found] == [("a", 0, 5), ("b", 5, 12), ("a", 12, 20)]


def test_states_with_a_silence_between_two_months_are_two_spans() -> None:
    assert len(joined([parted(Span("a", 0, 5)), parted(Span("a", 7, 9))])) == 2


@pytest.fixture
def station(cast: Cast) -> Station:
    """Open for an hour of each day of September to November, told each hour; nothing in October."""
    told = [(START + step * HOUR, {"door_open": step % 24 == 12}) for step in range(24 * 91)]
    october = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
    store(cast.sensor, [each for each in told if not october[0] <= each[0] < october[1]])
    (found,) = stations([cast.sensor], now=datetime(2026, 12, 15, tzinfo=UTC))
    return found


@pytest.mark.django_db
def test_months_without_readings_are_not_read(station: Station) -> None:
    assert months_with_readings(station) == [date(2026, 9, 1), date(2026, 11, 1)]


@pytest.mark.django_db
def test_a_span_of_months_has_the_times_of_each(station: Station) -> None:
    found = spans_of(station, "door_open", date(2026, 9, 1), date(2026, 11, 30))

    assert found.times("true") == 60
    assert found.total_s("true") == 60 * 3600


@pytest.mark.django_db
def test_only_the_newest_readings_of_a_month_are_read(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_OF_MONTH", 24 * 10)

    found = spans_of(station, "door_open", date(2026, 11, 1), date(2026, 11, 30))

    assert found.times("true") == 10
    assert found.known_s <= 10 * 86_400
    assert found.start > station.calendar.begin(date(2026, 11, 19)).timestamp()


@pytest.mark.django_db
def test_of_too_many_readings_the_oldest_months_are_not_read(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 24 * 20)

    found = spans_of(station, "door_open", date(2026, 9, 1), date(2026, 11, 30))

    assert found.times("true") == 30
    assert found.spans[0].start >= station.calendar.begin(date(2026, 11, 1)).timestamp() - 1


@pytest.mark.django_db
def test_another_sensor_has_no_part_in_it(station: Station, cast: Cast) -> None:
    (other,) = stations([cast.other_sensor], now=datetime(2026, 12, 15, tzinfo=UTC))

    assert spans_of(other, "door_open", date(2026, 9, 1), date(2026, 11, 30)).spans == []
    assert months_with_readings(other) == []

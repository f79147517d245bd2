from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.device_clock import (
    EPOCH,
    Told,
    default_of,
    from_instant,
    from_number,
    is_history,
    per_second,
    placed,
)

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
LATEST = NOW + timedelta(days=31)


def number(given: float) -> Told:
    return from_number(given, latest=LATEST)


def text(given: str) -> Told:
    return from_instant(datetime.fromisoformat(given))


def instants(told: Sequence[Told]) -> list[datetime]:
    return [at for at, _ in placed(told, received_at=NOW)]


def ago(told: Sequence[Told]) -> list[float]:
    """Seconds before the arrival, of readings that must all count as dated by a clock that is not set."""
    assert not any(is_set for _, is_set in placed(told, received_at=NOW))
    return [(NOW - at).total_seconds() for at in instants(told)]


@pytest.mark.parametrize(
    "given",
    [1795327200, 1795327200.0, 1795327200_000, 1795327200_000_000, 1795327200_000_000_000],
)
def test_a_number_counts_by_its_magnitude(given: float) -> None:
    assert placed([number(given)], received_at=NOW) == [(NOW, True)]


def test_microseconds_are_kept() -> None:
    assert number(1795327200_123_456).at == NOW + timedelta(microseconds=123_456)


@pytest.mark.parametrize(
    "given",
    [
        number(0),
        number(13.2),  # Shelly, seconds since the start
        number(188_000),  # ThingsBoard's client with millis()
        number(46236.645833),  # a spreadsheet's day
        number(946684805),  # a calendar chip that begins in 2000
        number(849_000_000),  # MicroPython counts from 2000
        number(2_592_000_000),  # millis() after thirty days
        number(4_294_967_295),  # the largest of 32 bits
        number(3_988_000_000),  # NTP counts from 1900
        number(400_000 * 10**9),  # nanoseconds of five days
        number(-3_600),  # 0 in a zone east of Greenwich, taken for local time
        text("1970-01-01T00:00:12Z"),
        text("1970-01-01T01:00:12+01:00"),
        text("1969-12-31T19:00:12Z"),
        text("1970-09-01T00:00:00Z"),
        text("1980-01-06T00:00:00Z"),
        text("1999-11-30T00:00:00Z"),
        text("2000-01-01T00:00:05Z"),
        text("2000-01-20T11:12:13Z"),
        text("1900-01-01T00:00:00Z"),
        text("1899-12-30T00:00:00Z"),
        text("1904-01-01T00:00:00Z"),
        text("1601-01-01T00:00:00Z"),
        text("0001-01-01T00:00:00Z"),
    ],
)
def test_a_clock_that_is_not_set_means_the_arrival(given: Told) -> None:
    assert placed([given], received_at=NOW) == [(NOW, False)]


@pytest.mark.parametrize(
    "given",
    [
        text("1950-06-01T12:00:00Z"),
        text("1971-06-01T12:00:00Z"),
        text("1985-06-01T12:00:00Z"),
        text("2002-06-01T12:00:00Z"),
        text("2005-01-01T00:00:00Z"),
        number(-86_400),
        number(-631_152_000),  # 1950
        number(486_388_800_000),  # 1985, in milliseconds
        number(1104537600),  # 2005
    ],
)
def test_an_old_time_near_no_default_is_kept(given: Told) -> None:
    assert placed([given], received_at=NOW) == [(given.at, True)]


def test_readings_of_a_clock_not_set_keep_their_distances() -> None:
    assert ago([number(12), number(72), number(132)]) == [120, 60, 0]
    assert ago([number(188_000), number(248_000), number(308_000)]) == [120, 60, 0]
    assert ago([number(7_200_000), number(3_600_000)]) == [0, 3600]
    assert ago([number(3_000_000_000), number(3_000_060_000)]) == [60, 0]
    assert ago([number(400_000 * 10**9), number(400_060 * 10**9)]) == [60, 0]
    assert ago([number(946_684_805), number(946_684_865)]) == [60, 0]
    assert ago([text("1970-01-01T00:05:00Z"), text("1970-01-01T00:00:00Z")]) == [0, 300]
    assert ago([number(849_000_000), number(849_000_060)]) == [60, 0]
    assert ago([number(188_000), number(188_000)]) == [0, 0]


def test_each_clock_not_set_has_a_newest_of_its_own() -> None:
    assert ago([number(12), text("2000-01-01T00:00:05Z"), number(22)]) == [10, 0, 0]


def test_a_set_clock_beside_one_that_is_not_keeps_its_time() -> None:
    told = [text("2026-11-22T05:00:00Z"), number(12)]

    assert placed(told, received_at=NOW) == [(NOW - timedelta(hours=1), True), (NOW, False)]


def test_a_request_of_history_keeps_all_its_times() -> None:
    told = [text("1969-06-01T00:00:00Z"), text("1970-01-01T00:00:00Z"), number(31_536_000)]

    assert instants(told) == [each.at for each in told]


@pytest.mark.parametrize("begin", ["2000-01-01T00:00:00Z", "1970-05-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_a_long_batch_at_full_minutes_is_history_even_near_a_default(begin: str) -> None:
    told = [from_instant(datetime.fromisoformat(begin) + timedelta(hours=hour)) for hour in range(1000)]

    assert instants(told) == [each.at for each in told]


def test_a_short_buffer_of_full_minutes_is_a_clock_not_set() -> None:
    told = [from_instant(EPOCH + timedelta(minutes=minute)) for minute in range(1000)]

    assert ago(told)[-1] == 0
    assert ago(told)[0] == 999 * 60


def test_ticks_of_a_buffer_are_not_history() -> None:
    told = [number(60_000 * tick) for tick in range(1_000, 1_100)]

    assert ago(told) == [60.0 * (99 - place) for place in range(100)]


def test_a_time_that_no_history_has_is_never_kept() -> None:
    told = [text("1950-01-01T00:00:00Z"), text("0001-01-01T00:00:00Z"), number(2**32 - 1)]

    assert instants(told) == [told[0].at, NOW, NOW]


@given(st.floats(-1e18, 1e18) | st.integers(-(10**18), 10**18))
def test_no_number_of_seconds_becomes_a_reading_of_a_default_or_of_the_far_future(given: float) -> None:
    try:
        told = number(given)
    except OverflowError:
        return

    ((at, is_set),) = placed([told], received_at=NOW)

    assert at == NOW if not is_set else not default_of(at) and (at <= LATEST or per_second(given) > 1)


@given(st.lists(st.integers(0, 30 * 86_400_000), min_size=1, max_size=30, unique=True))
def test_uptimes_stay_apart_and_in_order_and_are_never_in_the_future(uptimes: list[int]) -> None:
    told = [number(each) for each in uptimes]
    if is_history(told) or not all(each.unset for each in told):
        return

    found = ago(told)

    assert min(found) == 0
    assert sorted(uptimes, reverse=True) == [uptime for _, uptime in sorted(zip(found, uptimes, strict=True))]


@given(st.datetimes(datetime(2005, 1, 1), datetime(2026, 11, 22)))
def test_every_time_since_2005_is_kept(at: datetime) -> None:
    seconds = (at.replace(tzinfo=UTC) - EPOCH).total_seconds()

    assert not from_instant(at.replace(tzinfo=UTC)).unset
    assert not number(seconds).unset
    assert not number(seconds * 1000).unset

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.domain.device_clock import Stamp, Told, from_stamp, placed
from sensorfusion.domain.line_protocol import PRECISIONS

SOME = datetime(2026, 11, 22, 6, 0, 0, 123456, tzinfo=UTC)
SECOND = SOME.replace(microsecond=0)
NOW = SECOND + timedelta(minutes=1)


def read(timestamp: int, precision: str) -> Told:
    return from_stamp(Stamp(timestamp, PRECISIONS[precision], bool(precision)), received_at=NOW)


@pytest.mark.parametrize(
    ("timestamp", "precision", "expected"),
    [
        (1795327200123456789, "ns", SOME),
        (1795327200123456789, "", SOME),
        (1795327200123456, "us", SOME),
        (1795327200, "s", SECOND),
        (1795327200000, "ms", SECOND),
        (29922120, "m", SECOND),
        (498702, "h", SECOND),
        (-3_000_000_000, "s", datetime(1874, 12, 7, 18, 40, tzinfo=UTC)),
        (473_385_600, "s", datetime(1985, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_read_by_its_precision(timestamp: int, precision: str, expected: datetime) -> None:
    assert read(timestamp, precision) == Told(expected)


@pytest.mark.parametrize("precision", ["", "ns", "us", "ms", "s"])
@pytest.mark.parametrize("timestamp", [1795327200000000000, 1795327200000000, 1795327200000, 1795327200])
def test_a_timestamp_of_another_size_than_its_precision_is_read_by_its_size(timestamp: int, precision: str) -> None:
    assert read(timestamp, precision) == Told(SECOND)


@pytest.mark.parametrize("hours", [0.01, 1, 24, 240, 8_000])
@pytest.mark.parametrize("precision", ["", "ns", "us", "ms", "s"])
def test_an_uptime_in_the_declared_unit_is_no_time_and_keeps_distances(hours: float, precision: str) -> None:
    second = 10**9 // PRECISIONS[precision]
    told = [read(int(hours * 3600 + later) * second, precision) for later in (0, 30)]

    assert placed(told, received_at=NOW) == [(NOW - timedelta(seconds=30), False), (NOW, False)]


def test_a_forgotten_precision_of_old_readings_is_mended() -> None:
    assert read(1_500_000_000_000, "") == Told(datetime(2017, 7, 14, 2, 40, tzinfo=UTC))


def test_nanoseconds_of_half_an_hour_are_an_uptime() -> None:
    assert read(1_500_000_000_000, "ns").unset


@settings(max_examples=100)
@given(st.integers(-(10**19), 10**19), st.sampled_from(sorted(PRECISIONS)))
def test_every_timestamp_is_an_instant_that_is_not_far_ahead(timestamp: int, precision: str) -> None:
    ((at, _),) = placed([read(timestamp, precision)], received_at=NOW)

    assert at.tzinfo is UTC
    assert at <= NOW + timedelta(days=31)

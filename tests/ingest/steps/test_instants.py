import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.steps.instants import BadInstant, is_ahead, observed_at

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, NOW),
        ("", NOW),
        ("2026-11-22T06:00:00Z", NOW),
        ("2026-11-22T07:00:00+01:00", NOW),
        ("2026-11-22 06:00:00.123456Z", NOW + timedelta(microseconds=123456)),
        (1795327200, NOW),
        (1795327200.5, NOW + timedelta(seconds=0.5)),
        (1795327200000, NOW),
        ("1795327200", NOW),
        (-86400, datetime(1969, 12, 31, tzinfo=UTC)),
    ],
)
def test_every_spelling_of_an_instant_is_read(raw: object, expected: datetime) -> None:
    assert observed_at(raw, received_at=NOW) == expected


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.integers()), st.none()))
def test_anything_else_is_refused_and_never_an_accident(raw: object) -> None:
    with contextlib.suppress(BadInstant):
        assert observed_at(raw, received_at=NOW).utcoffset() == timedelta(0)


def test_minutes_ahead_are_a_wrong_clock_and_seconds_are_not() -> None:
    assert not is_ahead(NOW + timedelta(seconds=90), received_at=NOW)
    assert is_ahead(NOW + timedelta(minutes=6), received_at=NOW)

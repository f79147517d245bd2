import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.steps.batch import Sent, Source
from sensorfusion.ingest.steps.instants import BadInstant, Dated, dates, observed_at

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, NOW),
        ("", NOW),
        ("2026-11-22T06:00:00Z", NOW),
        ("2026-11-22T07:00:00+01:00", NOW),
        ("2026-11-22 06:00:00.123456Z", NOW + timedelta(microseconds=123456)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2017-01-01T00:59:60.250+01:00", datetime(2017, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)),
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


def dated(*raws: object, source: Source | None = None, is_import: bool = False) -> list[Dated | str]:
    """Return the instants, or the codes of refusals."""
    found = dates([Sent({}, raw) for raw in raws], received_at=NOW, source=source, is_import=is_import)
    return [each.code if isinstance(each, BadInstant) else each for each in found]


@pytest.mark.parametrize(
    "raw",
    [
        0,
        "13.2",
        188_000,
        4_000_000_000,
        "1970-01-01T00:00:12Z",
        "0001-01-01T00:00:00Z",
        "0000-00-00T00:00:00",
        "2000-00-00 00:00:00",
        datetime(1970, 1, 1, 0, 0, 12),
        datetime(2000, 1, 1, tzinfo=UTC),
        timedelta(hours=2),
    ],
)
def test_clock_that_is_not_set_means_the_arrival(raw: object) -> None:
    assert dated(raw) == [Dated(NOW, is_set=False)]


def test_readings_of_a_clock_not_set_stay_apart_beside_others() -> None:
    assert dated(72, None, "no time", 12, "2026-11-22T05:00:00Z") == [
        Dated(NOW, is_set=False),
        Dated(NOW),
        "bad_time",
        Dated(NOW - timedelta(seconds=60), is_set=False),
        Dated(NOW - timedelta(hours=1)),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (None, NOW),
        (Source(1, "a"), NOW),
        (Source(1, "a", time_zone="Europe/Warsaw"), NOW - timedelta(hours=1)),
        (Source(1, "a", utc_offset_s=-10_800, time_zone="Europe/Warsaw"), NOW + timedelta(hours=3)),
    ],
)
def test_local_time_is_read_by_the_sensors_offset_else_in_the_sites_zone(
    source: Source | None, expected: datetime
) -> None:
    assert dated(NOW.replace(tzinfo=None), source=source) == [Dated(expected)]


def test_local_time_in_text_is_refused_at_the_doors_that_promise_a_zone() -> None:
    assert dated("2026-11-22T06:00:00", source=Source(1, "a")) == ["no_time_zone"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [("2099-01-01T00:00:00Z", "in_the_future"), ("1700-01-01T00:00:00Z", "too_old"), (99999999999999, "in_the_future")],
)
def test_a_time_that_no_clock_explains_is_refused(raw: object, code: str) -> None:
    assert dated(raw) == [code]


def test_a_file_is_never_dated_by_its_arrival() -> None:
    old = datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC)

    assert dated("1970-01-01T00:00:12Z", 473_385_600, is_import=True) == [
        Dated(old),
        Dated(datetime(1985, 1, 1, tzinfo=UTC)),
    ]
    assert dated(46236.6, 4_000_000_000, "0000-00-00", is_import=True) == ["clock_not_set"] * 3

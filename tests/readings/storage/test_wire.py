"""The JSON encoding of readings in the live stream."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.readings.storage.wire import encode, instant, snapshot

SIX = datetime(2026, 11, 22, 6, tzinfo=UTC)


def test_a_whole_second_has_no_fraction() -> None:
    assert instant(SIX) == "2026-11-22T06:00:00Z"


def test_microseconds_are_kept() -> None:
    assert instant(SIX.replace(microsecond=120)) == "2026-11-22T06:00:00.000120Z"


def test_another_offset_is_written_in_utc() -> None:
    assert instant(SIX.astimezone(timezone(timedelta(hours=-5)))) == "2026-11-22T06:00:00Z"


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        instant(datetime(2026, 11, 22, 6))


@given(at=st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))
def test_every_instant_reads_back_as_itself(at: datetime) -> None:
    assert datetime.fromisoformat(instant(at)) == at


def test_a_reading_is_one_json_object() -> None:
    written = encode(
        uuid="5e0e",
        seq=7,
        observed_at=SIX,
        received_at=SIX + timedelta(seconds=1),
        values_json=b'{"temperature":21.4}',
        flags_json=None,
    )

    assert msgspec.json.decode(written) == {
        "sensor": "5e0e",
        "seq": 7,
        "observed_at": "2026-11-22T06:00:00Z",
        "received_at": "2026-11-22T06:00:01Z",
        "values": {"temperature": 21.4},
    }


def test_flags_are_there_only_when_there_are_some() -> None:
    written = encode(
        uuid="5e0e",
        seq=7,
        observed_at=SIX,
        received_at=SIX,
        values_json=b'{"temperature":71}',
        flags_json=b'{"temperature":3}',
    )

    assert msgspec.json.decode(written)["flags"] == {"temperature": 3}


def _snapshot(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uuid": "5e0e",
        "name": "North",
        "state": "live",
        "seq": 7,
        "observed_at": SIX,
        "received_at": SIX,
        "values_json": b"{}",
        "flags_json": None,
    }
    decoded: dict[str, Any] = msgspec.json.decode(snapshot(**fields | changes))
    return decoded


def test_a_snapshot_carries_name_state_and_the_newest_values() -> None:
    assert _snapshot(values_json=b'{"rain":0.2}', older_json=b'{"rain":1}', flags_json=b'{"rain":3}') == {
        "sensor": "5e0e",
        "name": "North",
        "state": "live",
        "seq": 7,
        "observed_at": "2026-11-22T06:00:00Z",
        "received_at": "2026-11-22T06:00:00Z",
        "values": {"rain": 0.2},
        "flags": {"rain": 3},
        "older": {"rain": 1},
    }


def test_a_sensor_without_readings_has_no_instants() -> None:
    empty = _snapshot(seq=0, state="pending", observed_at=None, received_at=None)

    assert empty["observed_at"] is empty["received_at"] is None
    assert "flags" not in empty


def test_a_name_is_escaped() -> None:
    assert _snapshot(name='The "old" barn\n')["name"] == 'The "old" barn\n'

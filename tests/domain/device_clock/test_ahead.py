from datetime import UTC, datetime, timedelta

from sensorfusion.domain.device_clock.ahead import is_ahead

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def test_minutes_ahead_are_a_wrong_clock_and_seconds_are_not() -> None:
    assert not is_ahead(NOW + timedelta(seconds=90), received_at=NOW)
    assert is_ahead(NOW + timedelta(minutes=6), received_at=NOW)

from datetime import UTC, datetime

import pytest

from sensorfusion.domain.quotas.usage import Usage, require_room, seconds_to_next_day, size
from sensorfusion.domain.refusals import Refusal


@pytest.mark.parametrize(
    ("used", "limit", "level"),
    [(0, 10, ""), (7, 10, ""), (8, 10, "quota_near"), (9, 10, "quota_near"), (10, 10, "quota"), (12, 10, "quota")],
)
def test_owner_is_told_from_80_percent_on(used: int, limit: int, level: str) -> None:
    assert Usage("x", "X", used, limit).level == level


def test_nothing_is_said_without_a_limit() -> None:
    usage = Usage("x", "X", 1_000_000, 0)

    assert (usage.level, usage.share, usage.shown_limit) == ("", 0.0, "none")


def test_last_place_is_given_and_no_other() -> None:
    require_room(used=2, limit=3, of="Sensors of a site")
    require_room(used=9, limit=0, of="Sensors of a site")

    with pytest.raises(Refusal, match=r"Sensors of a site are limited to 3, and 3 are used\.") as refused:
        require_room(used=3, limit=3, of="Sensors of a site")
    assert (refused.value.code, refused.value.status) == ("limit_reached", 409)


@pytest.mark.parametrize(
    ("now", "zone", "wait_s"),
    [
        (datetime(2026, 11, 29, 12, tzinfo=UTC), "UTC", 3600),
        (datetime(2026, 11, 29, 23, 59, 30, tzinfo=UTC), "UTC", 30),
        (datetime(2026, 11, 29, 22, 50, tzinfo=UTC), "Europe/Warsaw", 600),
        (datetime(2026, 11, 29, 23, 59, 59, 900_000, tzinfo=UTC), "UTC", 1),
    ],
)
def test_sender_waits_for_the_next_day_of_the_site_an_hour_at_most(now: datetime, zone: str, wait_s: int) -> None:
    assert seconds_to_next_day(now, zone) == wait_s


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (1_499, "1.5 kB"),
        (999_990, "999 kB"),
        (5_432_100, "5.4 MB"),
        (20_000_000_000, "20 GB"),
        (1_234 * 10**12, "1,234 TB"),
    ],
)
def test_sizes_are_written_in_the_unit_that_they_fill(count: int, written: str) -> None:
    assert size(count) == written


def test_a_quota_of_bytes_is_shown_as_sizes() -> None:
    usage = Usage("stored_bytes", "Storage", 900_000_000, 1_000_000_000, size)

    assert usage.detail == "900 MB of 1 GB are used."

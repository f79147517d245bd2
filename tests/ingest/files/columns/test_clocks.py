"""Local times: the repeated hour, with rows in either order, and across an interruption."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.ingest.files.columns.clocks import Clock

WARSAW = ZoneInfo("Europe/Warsaw")
# Summer time ends at 01:00Z on 25 October 2026: local times from 02:00 to 03:00 are repeated.
NIGHT = [datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(minutes=10 * step) for step in range(36)]


def on_the_wall(instants: Iterable[datetime]) -> list[str]:
    return [f"{instant.astimezone(WARSAW):%Y-%m-%d %H:%M}" for instant in instants]


def read(clock: Clock, texts: Iterable[str], sensor: str = "") -> list[datetime]:
    return [datetime.fromisoformat(str(clock.read(text, sensor))) for text in texts]


@pytest.mark.parametrize("night", [NIGHT, NIGHT[::-1]], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("step", [1, 3, 6], ids=["10 min", "30 min", "hourly"])
def test_every_instant_of_the_night_comes_back(night: list[datetime], step: int) -> None:
    clock = Clock(zone=WARSAW)

    assert read(clock, on_the_wall(night[::step])) == night[::step]
    assert clock.repeated == 2 * len(range(0, 6, step))


@pytest.mark.parametrize("cut", range(0, 36, 5))
def test_an_import_that_goes_on_within_the_hour_knows_which_one_it_is(cut: int) -> None:
    clock, later = Clock(zone=WARSAW), Clock(zone=WARSAW)
    texts = on_the_wall(NIGHT)

    before = read(clock, texts[:cut])
    later.resume(clock.state())

    assert before + read(later, texts[cut:]) == NIGHT


def test_sensors_whose_rows_alternate_have_each_their_own_order() -> None:
    clock = Clock(zone=WARSAW)

    found = [[read(clock, [text], sensor)[0] for sensor in "ab"] for text in on_the_wall(NIGHT)]

    assert found == [[instant, instant] for instant in NIGHT]


def test_the_repeated_hour_is_reported_with_how_often_it_came() -> None:
    clock = Clock(zone=WARSAW)
    read(clock, on_the_wall(NIGHT))

    assert clock.note().startswith("12 rows are within an hour that Europe/Warsaw repeats (the first: 2026-10-25 02:00")
    assert Clock(zone=WARSAW).note() == ""

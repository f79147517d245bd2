from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.domain.device_clock import IN_TIME, Rule
from sensorfusion.domain.device_clock.learning import Heard, Memory, Verdict, is_backlog, judge, note
from sensorfusion.domain.device_clock.local_time import OFFSETS

WARSAW, NEW_YORK, UTC_ZONE = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/New_York"), ZoneInfo("UTC")
SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass
class Device:
    """A device whose clock shows the time of its own zone, heard at a site of another."""

    shows: ZoneInfo
    site: ZoneInfo
    rule: Rule = field(init=False)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self.rule = Rule(self.site)

    def heard(self, at: datetime, *, late: timedelta = timedelta(seconds=1), is_live: bool = True) -> Verdict:
        """Hear a message that was sent at an instant."""
        heard = Heard(at + late, at.astimezone(self.shows).replace(tzinfo=None))
        verdict = judge(heard, self.rule, self.memory, is_live=is_live)
        note(heard, self.rule, verdict, self.memory, is_live=is_live)
        self.rule = verdict.rule
        return verdict

    def misses(self, at: datetime, *, late: timedelta = timedelta(seconds=1), is_live: bool = True) -> timedelta:
        """Return how far from its own time a message is placed."""
        return self.heard(at, late=late, is_live=is_live).at - at


def test_a_device_in_the_sites_zone_follows_it_through_the_year() -> None:
    device = Device(WARSAW, WARSAW)

    for day in range(365):
        assert not device.misses(SUMMER + timedelta(days=day))
    assert device.rule == Rule(WARSAW)


@pytest.mark.parametrize("site", [WARSAW, NEW_YORK, ZoneInfo("Asia/Kathmandu")], ids=str)
def test_the_first_message_in_time_teaches_another_zone(site: ZoneInfo) -> None:
    device = Device(UTC_ZONE, site)

    assert not device.misses(SUMMER)
    assert device.rule.offset_s == 0
    assert not device.misses(SUMMER + 5 * MINUTE, late=7 * HOUR, is_live=False)


def test_a_message_that_waited_is_at_its_time_and_teaches_nothing() -> None:
    device = Device(WARSAW, WARSAW)

    assert not device.misses(SUMMER, late=3 * HOUR, is_live=False)
    assert device.rule == Rule(WARSAW)


def test_a_device_known_to_be_in_time_is_not_taken_to_have_moved_when_one_message_is_late() -> None:
    device = Device(WARSAW, WARSAW)
    device.heard(SUMMER)

    assert not device.misses(SUMMER + 5 * MINUTE, late=3 * HOUR)
    assert not device.misses(SUMMER + 3 * HOUR + 10 * MINUTE)
    assert device.rule == Rule(WARSAW)


def test_the_first_of_a_backlog_is_tentative_and_the_next_shows_it() -> None:
    device = Device(WARSAW, WARSAW)
    arrival = SUMMER + 3 * HOUR

    assert device.heard(SUMMER, late=arrival - SUMMER).is_tentative
    for number in range(1, 30):
        at = SUMMER + number * 5 * MINUTE
        assert not device.misses(at, late=arrival + timedelta(seconds=0.1 * number) - at)
    assert device.rule == Rule(WARSAW)


def test_a_time_in_the_future_proves_that_the_clock_was_changed() -> None:
    device = Device(WARSAW, WARSAW)
    device.heard(SUMMER)
    device.shows = ZoneInfo("Asia/Tokyo")

    assert not device.misses(SUMMER + 5 * MINUTE)
    assert device.rule.offset_s == 9 * 3600


def test_a_clock_that_went_back_proves_that_it_was_changed() -> None:
    device = Device(WARSAW, WARSAW)
    device.heard(SUMMER)
    device.shows = UTC_ZONE

    assert not device.misses(SUMMER + 5 * MINUTE)
    assert device.rule.offset_s == 0


def test_a_device_that_is_late_by_the_same_time_twice_has_another_clock() -> None:
    device = Device(UTC_ZONE, WARSAW)
    device.rule = Rule(WARSAW, 7_200)

    assert device.misses(SUMMER) == -2 * HOUR
    assert not device.misses(SUMMER + 5 * MINUTE)
    assert device.rule.offset_s == 0


def test_a_device_that_is_set_to_the_sites_zone_follows_it_again() -> None:
    device = Device(UTC_ZONE, WARSAW)
    device.heard(SUMMER)
    device.shows = WARSAW

    assert not device.misses(SUMMER + 5 * MINUTE)
    assert device.rule == Rule(WARSAW)


def test_a_clock_that_is_minutes_wrong_teaches_nothing() -> None:
    device = Device(UTC_ZONE, UTC_ZONE)

    assert not device.misses(SUMMER, late=7 * MINUTE)
    assert device.rule == Rule(UTC_ZONE)


@pytest.mark.parametrize("every_s", [1, 5, 30])
def test_a_backlog_of_a_fast_device_that_passes_an_offset_in_use_teaches_nothing_for_long(every_s: int) -> None:
    device = Device(WARSAW, WARSAW)
    arrival = SUMMER + 2 * HOUR
    count = 7_000 // every_s

    for number in range(count):
        at = SUMMER + timedelta(seconds=every_s * number)
        device.heard(at, late=arrival + timedelta(seconds=0.01 * number) - at)

    assert device.rule == Rule(WARSAW)
    assert not device.misses(arrival + 5 * MINUTE)


def test_a_fast_device_whose_clock_is_changed_is_followed_after_one_message() -> None:
    device = Device(UTC_ZONE, WARSAW)
    for number in range(100):
        device.heard(SUMMER + timedelta(seconds=5 * number))
    device.shows = ZoneInfo("Asia/Tokyo")

    missed = [device.misses(SUMMER + timedelta(seconds=500 + 5 * number)) for number in range(100)]

    assert missed[1:] == [timedelta(0)] * 99


def test_two_topics_of_a_device_at_once_are_no_backlog() -> None:
    first = Heard(SUMMER, datetime(2026, 7, 1, 14))

    assert not is_backlog(first, Heard(SUMMER + timedelta(seconds=0.1), datetime(2026, 7, 1, 14, 0, 18)))
    assert is_backlog(first, Heard(SUMMER + timedelta(seconds=0.1), datetime(2026, 7, 1, 14, 5)))
    assert not is_backlog(first, Heard(SUMMER + 65 * MINUTE, datetime(2026, 7, 1, 16, 5)))


@pytest.mark.parametrize(("shows", "site"), [(WARSAW, WARSAW), (NEW_YORK, WARSAW), (UTC_ZONE, NEW_YORK)])
@pytest.mark.parametrize("change", ["2026-10-25T01:00", "2026-03-29T01:00", "2026-11-01T06:00", "2026-03-08T07:00"])
def test_messages_in_time_are_at_their_time_through_every_change_of_the_clocks(
    shows: ZoneInfo, site: ZoneInfo, change: str
) -> None:
    device = Device(shows, site)
    begin = datetime.fromisoformat(change).replace(tzinfo=UTC) - 3 * HOUR

    missed = [device.misses(begin + number * 5 * MINUTE) for number in range(72)]

    assert missed == [timedelta(0)] * 72


@pytest.mark.parametrize("change", ["2026-10-25T01:00", "2026-03-29T01:00"])
def test_a_backlog_over_a_change_of_the_clocks_is_at_its_times(change: str) -> None:
    device = Device(WARSAW, WARSAW)
    begin = datetime.fromisoformat(change).replace(tzinfo=UTC) - 3 * HOUR

    missed = [device.misses(begin + number * 5 * MINUTE, late=9 * HOUR, is_live=False) for number in range(72)]

    assert missed == [timedelta(0)] * 72


OUTAGES = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=5)


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(OFFSETS)),
    st.sampled_from([WARSAW, NEW_YORK, UTC_ZONE, ZoneInfo("Asia/Kathmandu")]),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
    st.integers(1, 3_600),
    OUTAGES,
    st.booleans(),
)
def test_after_one_message_in_time_every_message_is_at_its_time(
    offset_s: int, site: ZoneInfo, start: datetime, every_s: int, outages: list[tuple[int, int]], is_seen: bool
) -> None:
    """Messages in time and backlogs alternate; whether the broker shows the backlog makes no difference."""
    rule, memory = Rule(site), Memory()
    at = start.replace(tzinfo=UTC)
    for in_time, waiting in outages:
        sent = [at + timedelta(seconds=every_s * number) for number in range(in_time + waiting)]
        back = sent[-1]
        for number, each in enumerate(sent):
            is_late = number >= in_time
            arrived_at = back + timedelta(seconds=0.01 * number) if is_late else each + timedelta(seconds=0.5)
            heard = Heard(arrived_at, each.replace(tzinfo=None) + timedelta(seconds=offset_s))
            is_live = not is_late or (not is_seen and back - each > IN_TIME)
            verdict = judge(heard, rule, memory, is_live=is_live)
            note(heard, rule, verdict, memory, is_live=is_live)
            rule = verdict.rule
            assert abs(verdict.at - each) == timedelta(0)
        at = back + timedelta(seconds=every_s)

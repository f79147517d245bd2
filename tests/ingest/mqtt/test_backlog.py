from dataclasses import dataclass

from sensorfusion.ingest.mqtt.backlog import CALM_S, QUIET_S, SETTLED_WITHIN_S, Backlog


@dataclass
class Clock:
    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def connected(*, is_session_kept: bool) -> tuple[Backlog, Clock]:
    clock = Clock()
    backlog = Backlog(clock)
    backlog.connected(is_session_kept=is_session_kept)
    return backlog, clock


def test_a_new_session_has_no_backlog() -> None:
    backlog, _ = connected(is_session_kept=False)

    assert backlog.arrived()


def test_what_comes_right_after_a_reconnect_waited_at_the_broker() -> None:
    backlog, clock = connected(is_session_kept=True)

    for _ in range(36):
        assert not backlog.arrived()
        clock.at += 0.01
        backlog.settled()


def test_a_quiet_moment_ends_the_backlog() -> None:
    backlog, clock = connected(is_session_kept=True)
    backlog.arrived()
    backlog.settled()

    clock.at += QUIET_S

    assert backlog.arrived()
    assert backlog.arrived()


def test_quiet_with_something_unsettled_ends_nothing() -> None:
    backlog, clock = connected(is_session_kept=True)
    for _ in range(20):
        backlog.arrived()

    clock.at += 2 * QUIET_S

    assert not backlog.arrived()


def test_a_busy_broker_has_no_backlog_once_few_messages_are_unsettled_for_long() -> None:
    backlog, clock = connected(is_session_kept=True)
    for _ in range(int(CALM_S / 0.5)):
        assert not backlog.arrived()
        clock.at += 0.4
        backlog.settled()
        clock.at += 0.1

    assert backlog.arrived()


def test_a_backlog_that_is_fetched_as_fast_as_the_window_allows_is_one_however_long_it_takes() -> None:
    backlog, clock = connected(is_session_kept=True)
    for _ in range(20):
        backlog.arrived()
    for _ in range(1_000):
        clock.at += 0.1
        backlog.settled()
        assert not backlog.arrived()


def test_messages_may_wait_while_nothing_can_be_stored() -> None:
    backlog, clock = connected(is_session_kept=False)
    assert backlog.arrived()

    clock.at += SETTLED_WITHIN_S + 1

    assert not backlog.arrived()


def test_a_reconnect_begins_again() -> None:
    backlog, _ = connected(is_session_kept=False)
    assert backlog.arrived()

    backlog.connected(is_session_kept=True)

    assert not backlog.arrived()

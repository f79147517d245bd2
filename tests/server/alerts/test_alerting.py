import threading

from sensorfusion.alerts.evaluation.wake import Wake
from sensorfusion.alerts.evaluation.watcher import LOCK
from sensorfusion.clock import utc_now
from sensorfusion.events.messages import StoredReading
from sensorfusion.events.stream import Stream
from sensorfusion.server.alerts.alerting import TAKES_OVER_WITHIN_S, alerting
from tests.patience import PATIENCE_S


def test_another_process_takes_over_within_ten_seconds() -> None:
    assert TAKES_OVER_WITHIN_S < 10
    assert alerting(Stream(), now=utc_now)._lock == LOCK


def test_stored_readings_reach_the_watcher_of_their_process() -> None:
    stream = Stream()
    [watcher] = alerting(stream, now=utc_now)._chores
    wake = watcher._wake  # type: ignore[attr-defined]  # of the watcher
    wake.watched = {7}

    stream.publish([StoredReading(sensor, 1, b"{}", utc_now(), utc_now()) for sensor in (7, 8)])

    assert wake.wait(0) == {7}


def test_a_change_of_rules_ends_the_wait_of_the_watcher() -> None:
    wake, ended = Wake(), threading.Event()

    def watch() -> None:
        wake.wait(10 * PATIENCE_S)
        ended.set()

    threading.Thread(target=watch, daemon=True).start()
    wake.look()

    assert ended.wait(PATIENCE_S)

"""The watcher of alert rules, with the runner that makes it run in one process at a time."""

from typing import Final

from sensorfusion.alerts.evaluation.wake import Wake
from sensorfusion.alerts.evaluation.watcher import LOCK, Watcher
from sensorfusion.clock import Clock
from sensorfusion.events.stream import Stream
from sensorfusion.readings.storage.chores import Runner

TAKES_OVER_WITHIN_S: Final = 3.0  # how soon another process notices that the watcher's has died


def alerting(stream: Stream | None, *, now: Clock, wake: Wake | None = None) -> Runner:
    """Create the runner of one process, woken by the readings that the process stores; without a stream it looks."""
    wake = wake or Wake()
    if stream is not None:
        stream.listen(wake.hear)
    return Runner([Watcher(wake, now)], lock=LOCK, look_every_s=TAKES_OVER_WITHIN_S)

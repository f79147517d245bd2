"""Wakes the threads and tasks of a process that rest, when work for them is announced."""

from collections.abc import Callable, Mapping

from sensorfusion.events.control import Listener
from sensorfusion.events.messages import Alerted, Resumed, WorkQueued
from sensorfusion.events.work import Work


def wake_on_work(listener: Listener, wakes: Mapping[str, Callable[[], None]]) -> None:
    """Let announcements wake what does each kind of `Work`; after a gap in announcements, wake everything."""

    def queued(event: WorkQueued) -> None:
        if wake := wakes.get(event.work):  # a process of a newer release may name other work
            wake()

    def resumed(_: Resumed) -> None:
        for wake in wakes.values():
            wake()

    listener.on(WorkQueued, queued)
    listener.on(Alerted, lambda _: wakes[Work.ALERT_MESSAGES]())
    listener.on(Resumed, resumed)

"""Wakes the threads and tasks of a process that rest, when work for them is announced."""

from collections.abc import Callable, Mapping

from sensorfusion.events.control import Listener
from sensorfusion.events.messages import Alerted, Resumed, WorkQueued
from sensorfusion.events.work import Work

Wake = Callable[[], None]


def wake_on_work(listener: Listener, wakes: Mapping[Work, Wake]) -> None:
    """Let announcements wake what does each kind of work; after a gap in announcements, wake everything."""

    by_name = {work.value: wake for work, wake in wakes.items()}

    def queued(event: WorkQueued) -> None:
        by_name.get(event.work, _nothing)()  # a process of a newer release may name other work

    def all_may_have_work(_: Resumed) -> None:
        for wake in wakes.values():
            wake()

    listener.on(WorkQueued, queued)
    listener.on(Alerted, lambda _: wakes.get(Work.ALERT_MESSAGES, _nothing)())
    listener.on(Resumed, all_may_have_work)


def _nothing() -> None:
    """Do nothing: the work is done elsewhere."""

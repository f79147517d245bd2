"""What is done in the background: the list of chores, and the runner that a process keeps for them."""

from collections.abc import Callable

from sensorfusion.clock import utc_now
from sensorfusion.ingest.quality_over_time import Publish, QualityOverTime, never_busy, not_shown
from sensorfusion.readings.rollups.chores import Advance, RecutDays, RollUp
from sensorfusion.readings.storage.chores import Chore, Runner
from sensorfusion.readings.storage.partitions import MonthsAhead
from sensorfusion.readings.storage.retention import Retention


def chores(publish: Publish = not_shown, is_busy: Callable[[], bool] = never_busy) -> list[Chore]:
    """Make one of each; they are done in this order, a small part at a time."""
    return [
        QualityOverTime(publish, is_busy, now=utc_now),
        Advance(utc_now),
        RollUp(),
        RecutDays(),
        MonthsAhead(utc_now),
        Retention(utc_now),
    ]


def runner(publish: Publish = not_shown, is_busy: Callable[[], bool] = never_busy) -> Runner:
    """Make the runner of one process.

    `publish` shows viewers what it changes, `is_busy` says whether readings wait; both are called from its thread.
    """
    return Runner(chores(publish, is_busy))

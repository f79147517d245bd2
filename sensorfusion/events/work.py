"""Work that waits in the database, announced to the threads that do it.

Each process has a thread for each kind, and one of them works at a time. While there is nothing to do they look rarely;
what is announced is begun at once, whichever process has the thread that works. Without its announcement, work waits
for the next look.
"""

from enum import StrEnum
from typing import Final

from sensorfusion.events.control import announce
from sensorfusion.events.messages import WorkQueued

REST_S: Final = 5.0  # between two looks, while nothing can become due


class Work(StrEnum):
    ALERT_RULES = "alert rules"
    ALERT_MESSAGES = "alert messages"
    WEBHOOKS = "webhooks"
    SEND_ON = "send on"
    EXPORTS = "exports"
    POLLS = "polls"


def announce_work(work: Work) -> None:
    """Wake what does this work, in every process, when the current transaction commits."""
    announce(WorkQueued(work.value))

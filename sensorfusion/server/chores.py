"""The background chores, and the runner that executes them in a process."""

from collections.abc import Callable

from sensorfusion.accounts.audit.chores import ForgetAudit
from sensorfusion.accounts.chores import ForgetAttempts
from sensorfusion.accounts.idempotency.chores import ForgetAnswers
from sensorfusion.alerts.messages.chores import ForgetAlertMessages
from sensorfusion.clock import utc_now
from sensorfusion.ingest.quality_over_time import Publish, QualityOverTime, never_busy, not_shown
from sensorfusion.mail.chores import ForgetMail
from sensorfusion.readings.export.jobs.chores import ForgetExports
from sensorfusion.readings.rollups.chores import Advance, RecutDays, RollUp
from sensorfusion.readings.storage.chores import Chore, Runner
from sensorfusion.readings.storage.retention import Retention
from sensorfusion.readings.storage.site_sizes import MeasureSites
from sensorfusion.readings.stored.partitions import MonthsAhead
from sensorfusion.sensors.notices.chores import ForgetNotices
from sensorfusion.sensors.quotas.chores import TellQuotas
from sensorfusion.webhooks.chores import ForgetDeliveries


def chores(publish: Publish = not_shown, is_busy: Callable[[], bool] = never_busy) -> list[Chore]:
    """Create the chores, in the order in which they take turns; each turn does a small part of the work."""
    return [
        QualityOverTime(publish, is_busy, now=utc_now),
        Advance(utc_now),
        RollUp(),
        RecutDays(),
        MonthsAhead(utc_now),
        Retention(utc_now),
        ForgetNotices(utc_now),
        ForgetAttempts(utc_now),
        MeasureSites(utc_now),
        TellQuotas(utc_now),
        ForgetAudit(utc_now),
        ForgetAnswers(utc_now),
        ForgetMail(utc_now),
        ForgetAlertMessages(utc_now),
        ForgetDeliveries(utc_now),
        ForgetExports(utc_now),
    ]


def runner(publish: Publish = not_shown, is_busy: Callable[[], bool] = never_busy) -> Runner:
    """Create the runner of one process.

    The runner's thread calls `publish` to send changes to viewers, and `is_busy` to learn whether readings are queued.
    """
    return Runner(chores(publish, is_busy), now=utc_now)

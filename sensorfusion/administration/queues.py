"""What waits to be sent or done, and what was given up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext, pgettext

from sensorfusion.alerts.messages.models import AlertMessage, Untold
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.readings.models import ExportJob, ExportState
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.models import Progress as Sent
from sensorfusion.webhooks.models import Delivery

_WAITING: Final = Q(sent_at=None, given_up_at=None)
_GIVEN_UP: Final = Q(given_up_at__isnull=False)
_UNSENT: Final = _WAITING | _GIVEN_UP


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait and since when, how many ended otherwise than they should, and what was last wrong."""

    label: str
    doing: str  # what the first number does, and the last
    ended: str
    waiting: int
    oldest_at: datetime | None
    ended_count: int
    trouble: str = ""


def queues() -> list[Queue]:
    return list(_queues())


def _queues() -> Iterator[Queue]:
    mail = OutboxMessage.objects.all()
    trouble = mail.filter(_UNSENT).exclude(last_error="").order_by("-id").values_list("last_error", flat=True).first()
    yield _outbox(gettext("E-mail"), mail, made="created_at", trouble=trouble or "")
    yield Queue(gettext("Alerts to be told"), pgettext("queue", "waiting"), "", Untold.objects.count(), None, 0)
    told, delivered = AlertMessage.objects.all(), Delivery.objects.all()
    yield _outbox(gettext("Messages about alerts"), told, made="created_at", trouble=_last_refused(told))
    yield _outbox(gettext("Webhooks"), delivered, made="made_at", trouble=_last_refused(delivered))
    yield _sent_on()
    yield _imports()
    yield _exports()


def _outbox(label: str, rows: QuerySet[Any], *, made: str, trouble: str) -> Queue:
    """Count by two queries, each of which a partial index answers: those that were sent may be millions."""
    waiting = rows.filter(_WAITING).aggregate(waiting=Count("pk"), oldest_at=Min(made))
    doing, ended = pgettext("queue", "waiting"), pgettext("queue", "given up")
    return Queue(label, doing, ended, **waiting, ended_count=rows.filter(_GIVEN_UP).count(), trouble=gettext(trouble))


def _last_refused(rows: QuerySet[Any]) -> str:
    """Return what was last said to the newest message that was refused and not sent since."""
    newest = rows.filter(_UNSENT, attempts__gt=0).order_by("-id").first()
    refused = newest.tries.filter(is_accepted=False).order_by("-id").first() if newest else None
    return str(refused.said) if refused else ""


def _sent_on() -> Queue:
    """Count the destinations that fail; readings wait in the history of their sensor, not in a queue."""
    failing = Sent.objects.filter(failures__gt=0, destination__is_on=True)
    paused = Destination.objects.filter(is_on=False).count()
    found = failing.aggregate(waiting=Count("pk"), oldest_at=Min("failing_since"))
    trouble = failing.order_by("-failing_since").values_list("trouble", flat=True).first()
    return Queue(
        gettext("Networks that readings are sent on to"),
        pgettext("queue", "failing"),
        pgettext("queue", "paused"),
        **found,
        ended_count=paused,
        trouble=gettext(trouble or ""),
    )


def _imports() -> Queue:
    rows = FileImport.objects.all()
    running = rows.filter(state=ImportState.RUNNING).aggregate(waiting=Count("pk"), oldest_at=Min("began_at"))
    stopped = rows.filter(state=ImportState.STOPPED)
    trouble = stopped.order_by("-updated_at").values_list("message", flat=True).first()
    return Queue(
        gettext("Imports of files"),
        pgettext("queue", "running"),
        pgettext("queue", "stopped"),
        **running,
        ended_count=stopped.count(),
        trouble=gettext(trouble or ""),
    )


def _exports() -> Queue:
    """Count the files that are written in the background, one after the other."""
    unfinished = ExportJob.objects.filter(state__in=[ExportState.WAITING, ExportState.RUNNING])
    failed = ExportJob.objects.filter(state=ExportState.FAILED)
    found = unfinished.aggregate(waiting=Count("pk"), oldest_at=Min("made_at"))
    trouble = failed.order_by("-ended_at").values_list("error", flat=True).first()
    return Queue(
        gettext("Exports in the background"),
        pgettext("queue", "waiting"),
        pgettext("queue", "failed"),
        **found,
        ended_count=failed.count(),
        trouble=gettext(trouble or ""),
    )

"""The export jobs that an operator may see: their own, as long as they may see all that is in the file."""

from typing import Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet, Sum

from sensorfusion.accounts.limits import may_administer
from sensorfusion.accounts.models import Operator
from sensorfusion.readings.models import ExportJob, ExportState
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.queries import reached_by, visible_sensors

UNFINISHED: Final = (ExportState.WAITING, ExportState.RUNNING)
KEPT: Final = (*UNFINISHED, ExportState.DONE)  # those that count


def exports_of(operator: Operator) -> QuerySet[ExportJob]:
    """Select the operator's jobs, the newest first; archives only of sites that the operator owns now."""
    seen = ArraySubquery(visible_sensors(operator).values("uuid"))
    owned = Q(site=None)
    if may_administer(operator):
        owned |= Q(site__in=_owned_sites(operator))
    found = ExportJob.objects.filter(owned, operator=operator, sensors__contained_by=seen)
    return found.select_related("site").order_by("-made_at", "-id")


def export_for(*, operator: Operator, uuid: UUID) -> ExportJob | None:
    """Return a job by its public id, or None if there is none that the operator may see."""
    return exports_of(operator).filter(uuid=uuid).first()


def total_bytes() -> int:
    """Return what the files of all jobs take."""
    counted = ExportJob.objects.filter(state__in=KEPT).aggregate(total=Sum("bytes"))
    return int(counted["total"] or 0)


def _owned_sites(operator: Operator) -> QuerySet[Site]:
    # In one call: a second one could be met by the right of another operator.
    return Site.objects.filter(reached_by(operator), rights__operator=operator, rights__may_own=True)

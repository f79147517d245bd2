"""Makes, cancels and removes export jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import hold as hold_operators
from sensorfusion.domain.quotas.usage import require_room
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.work import Work, announce_work
from sensorfusion.readings.export.api import need_pyarrow
from sensorfusion.readings.export.export import FORMATS
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.export.jobs.queries import KEPT, UNFINISHED, total_bytes
from sensorfusion.readings.export.notes_file import FORMS
from sensorfusion.readings.models import ExportJob, ExportOf, ExportState
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.sites.membership import require_owner

KEPT_FOR: Final = timedelta(days=7)
SENSORS_MOST: Final = 500
FileFormat = Literal["csv", "ndjson", "parquet", "zip"]
FILE_FORMATS: Final[tuple[FileFormat, ...]] = get_args(FileFormat)
FORMATS_OF: Final[dict[str, tuple[str, ...]]] = {
    ExportOf.READINGS: FORMATS,
    ExportOf.NOTES: FORMS,
    ExportOf.ARCHIVE: ("zip",),
}
FULL: Final = gettext_noop(
    "The exports of this installation take the {most} MB that they may. Remove one of yours, choose a shorter span, or"
    " download directly."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What a job is to write: of sensors, or the archive of a site."""

    of: ExportOf
    format: str
    sensors: Sequence[Sensor] = ()
    site: Site | None = None
    start: datetime | None = None
    end: datetime | None = None


@transaction.atomic
def make_export(*, by: Operator, ordered: Ordered, now: datetime) -> ExportJob:
    """Queue an export; callers have looked the sensors up by what the operator may see.

    :raises Refusal: `not_allowed`, `not_installed` or `limit_reached`. :raises ValidationError: for an invalid field.
    """
    _check(by, ordered)
    hold_operators(by.pk)  # two at once would both find the last place free
    _require_room(by)
    job = ExportJob.objects.create(
        operator=by,
        of=ordered.of,
        format=ordered.format,
        site=ordered.site,
        sensors=[each.uuid for each in ordered.sensors],
        name=_name(ordered),
        starts_at=ordered.start,
        ends_at=ordered.end,
        made_at=now,
    )
    announce_work(Work.EXPORTS)
    for site in _sites(ordered):
        action = Action.SITE_EXPORTED if ordered.of == ExportOf.ARCHIVE else Action.EXPORT_PREPARED
        record(action, by=by, site=site, subject=job.name)
    return job


def remove_export(*, job: ExportJob, now: datetime) -> None:
    """Cancel a job that is not finished; delete any other one with its file.

    What is being written ends with its next portion.
    """
    unfinished = ExportJob.objects.filter(pk=job.pk, state__in=UNFINISHED)
    if not unfinished.update(state=ExportState.CANCELLED, ended_at=now, bytes=0):
        ExportJob.objects.filter(pk=job.pk).delete()
        files.forget(job)


def _check(by: Operator, ordered: Ordered) -> None:
    formats = FORMATS_OF[ordered.of]
    if ordered.format not in formats:
        raise ValidationError({"format": [f"Choose {' or '.join(formats)} for this."]})
    if ordered.start and ordered.end and ordered.start >= ordered.end:
        raise ValidationError({"end": [gettext("The span must begin before it ends.")]})
    if ordered.site:
        require_owner(by=by, site=ordered.site)
    elif not ordered.sensors:
        raise ValidationError({"sensors": [gettext("Choose one sensor at least.")]})
    if len(ordered.sensors) > SENSORS_MOST:
        raise ValidationError({"sensors": [gettext("Choose {most} sensors at most.").format(most=SENSORS_MOST)]})
    if ordered.format == "parquet":
        need_pyarrow()


def _require_room(by: Operator) -> None:
    most_mb = settings.ENVIRONMENT.exports_mb
    used = ExportJob.objects.filter(operator=by, state__in=KEPT).count()
    require_room(used=used, limit=settings.ENVIRONMENT.operator_exports, of=gettext("Your exports"))
    if total_bytes() >= most_mb << 20:
        raise Refusal("limit_reached", full(most_mb))


def full(most_mb: int) -> str:
    """Say that there is no room for more files, and what to do."""
    return gettext(FULL).format(most=most_mb)


def _name(ordered: Ordered) -> str:
    places = _sites(ordered)
    one = ordered.site or (ordered.sensors[0] if len(ordered.sensors) == 1 else None)
    name = one.name if one else f"{places[0].name}, {len(ordered.sensors)} sensors"
    return f"{name[:180]}{' notes' if ordered.of == ExportOf.NOTES else ''}.{ordered.format}"


def _sites(ordered: Ordered) -> list[Site]:
    of_sensors = {each.site_id: each.site for each in ordered.sensors}
    return [ordered.site] if ordered.site else list(of_sensors.values())

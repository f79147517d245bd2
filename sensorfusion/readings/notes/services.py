"""Makes, changes and deletes notes; each is written to the audit log."""

from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.models import NOTES_MOST, Note
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.values.numbers import localised

# Beyond these, an instant has no date in some time zones, and no chart reaches it.
FIRST_AT: Final = datetime(1900, 1, 1, tzinfo=UTC)
LAST_AT: Final = datetime(2200, 1, 1, tzinfo=UTC)


@transaction.atomic
def make_note(*, by: Operator, sensor: Sensor, now: datetime, **fields: Any) -> Note:
    """Write a note on a sensor.

    :raises Refusal: `not_allowed`, `bad_span` or `limit_reached`.
    """
    require_editor(by=by, site=sensor.site)
    note = Note(sensor=sensor, made_by=by, made_at=now, changed_at=now, **fields)
    _check(note)
    if Note.objects.filter(sensor=sensor).count() >= NOTES_MOST:
        most = gettext("A sensor has at most {most} notes. Delete some that are old.")
        raise Refusal("limit_reached", most.format(most=localised(f"{NOTES_MOST:,}")))
    note.save()
    record(Action.NOTE_MADE, by=by, site=sensor.site, subject=_named(note))
    return note


@transaction.atomic
def change_note(*, by: Operator, note: Note, now: datetime, **fields: Any) -> Note:
    """Change a note; the same content changes nothing.

    :raises Refusal: `not_allowed` or `bad_span`.
    """
    require_editor(by=by, site=note.sensor.site)
    changed = [name for name, value in fields.items() if getattr(note, name) != value]
    for name in changed:
        setattr(note, name, fields[name])
    _check(note)
    if changed:
        note.changed_at = now
        note.save(update_fields=[*changed, "changed_at"])
        record(Action.NOTE_CHANGED, by=by, site=note.sensor.site, subject=_named(note))
    return note


@transaction.atomic
def delete_note(*, by: Operator, note: Note) -> None:
    """Delete a note.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=note.sensor.site)
    record(Action.NOTE_DELETED, by=by, site=note.sensor.site, subject=_named(note))
    note.delete()


def _check(note: Note) -> None:
    last_at = note.ends_at or note.starts_at
    if note.ends_at is not None and note.ends_at <= note.starts_at:
        raise Refusal("bad_span", field="end")
    if not FIRST_AT <= note.starts_at <= last_at < LAST_AT:
        raise Refusal("bad_span", gettext("Write a time between 1900 and 2199."), field="start")


def _named(note: Note) -> str:
    return f"{note.sensor.name}: {note}"

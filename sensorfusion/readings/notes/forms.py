"""The form of a note: its times are minutes of the site's local clock."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from sensorfusion.readings.models import NOTE_LONGEST, Note, NoteKind
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.fields import local_minute


class NoteForm(forms.Form):
    """A new note, or one to change."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=NoteKind.choices)
    start = local_minute(pgettext_lazy("time", "From"))
    end = local_minute(
        pgettext_lazy("time", "To"), required=False, help_text=gettext_lazy("Leave it empty for an instant.")
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=NOTE_LONGEST,
        validators=[plain],
        help_text=gettext_lazy(
            "What the readers of charts and reports should know, such as: “New shield, two metres higher.”"
        ),
    )

    def __init__(self, *arguments: Any, sensor: Sensor, note: Note | None = None, **keywords: Any) -> None:
        self.zone, self.note = ZoneInfo(sensor.site.time_zone), note
        super().__init__(*arguments, **keywords)
        self.initial = self._shown(note) if note else {"kind": NoteKind.MAINTENANCE}

    def columns(self) -> dict[str, Any]:
        """Return the fields of the note; an end that was not sent, unlike an empty one, stays."""
        given = self.cleaned_data
        columns = {"kind": given["kind"], "text": given["text"], "starts_at": self._at("start", "starts_at")}
        return columns | ({"ends_at": self._at("end", "ends_at")} if "end" in self.data else {})

    def _shown(self, note: Note) -> dict[str, Any]:
        end = {"end": self._local(note.ends_at)} if note.ends_at else {}
        return {"kind": note.kind, "text": note.text, "start": self._local(note.starts_at), **end}

    def _local(self, at: datetime) -> datetime:
        """Return a minute of the local clock, without a zone: Django would convert it to the process's."""
        return at.astimezone(self.zone).replace(second=0, microsecond=0, tzinfo=None)

    def _at(self, name: str, column: str) -> datetime | None:
        """Return the instant of a minute; an unchanged one keeps its seconds, and its side of a change of clocks.

        Django has parsed it in the time zone of the process.
        """
        given: datetime | None = self.cleaned_data[name]
        before: datetime | None = getattr(self.note, column, None)
        if given is None:
            return None
        local = given.replace(tzinfo=None)
        return before if before is not None and self._local(before) == local else local.replace(tzinfo=self.zone)

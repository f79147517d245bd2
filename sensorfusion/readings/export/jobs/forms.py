"""The form of an export in the background: the sensors of a site, what of them, and the days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from sensorfusion.readings.export.jobs.services import Ordered
from sensorfusion.readings.models import ExportOf
from sensorfusion.sensors.models import Sensor, Site

_FILES: Final = {
    "readings-csv": gettext_lazy("Readings as CSV"),
    "readings-ndjson": gettext_lazy("Readings as NDJSON"),
    "readings-parquet": gettext_lazy("Readings as Parquet"),
    "notes-csv": gettext_lazy("Notes as CSV"),
    "notes-ndjson": gettext_lazy("Notes as NDJSON"),
    "archive-zip": gettext_lazy("Archive of the site"),
}


class ExportForm(forms.Form):
    """Days are those of the site's calendar."""

    file = forms.ChoiceField(label=gettext_lazy("File"))
    start = forms.DateField(
        label=pgettext_lazy("day", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    end = forms.DateField(
        label=gettext_lazy("Until and with"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave both empty for all days."),
    )

    def __init__(
        self,
        *arguments: Any,
        site: Site,
        sensors: Sequence[Sensor],
        has_parquet: bool,
        has_archive: bool,
        **keywords: Any,
    ) -> None:
        self.site = site
        super().__init__(*arguments, **keywords)
        left_out = ("" if has_parquet else "readings-parquet", "" if has_archive else "archive-zip")
        offered = [(value, label) for value, label in _FILES.items() if value not in left_out]
        self.fields["file"].choices = offered  # type: ignore[attr-defined]  # of a choice field
        self._sensors = {str(each.uuid): each for each in sensors}
        self.fields["sensors"] = forms.MultipleChoiceField(
            label=gettext_lazy("Sensors"),
            required=False,
            choices=[(uuid, each.name) for uuid, each in self._sensors.items()],
            widget=forms.CheckboxSelectMultiple,
        )

    def ordered(self) -> Ordered:
        """Return what is asked for; an archive is of the whole site and of all days."""
        of, _, form = self.cleaned_data["file"].partition("-")
        if of == ExportOf.ARCHIVE:
            return Ordered(of=ExportOf.ARCHIVE, format=form, site=self.site)
        end = self.cleaned_data["end"]
        return Ordered(
            of=ExportOf(of),
            format=form,
            sensors=[self._sensors[each] for each in self.cleaned_data["sensors"]],
            start=self._midnight(self.cleaned_data["start"]),
            end=self._midnight(end + timedelta(days=1) if end else None),
        )

    def _midnight(self, day: date | None) -> datetime | None:
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.site.time_zone)) if day else None

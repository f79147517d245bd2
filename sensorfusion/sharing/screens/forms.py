"""The forms that open a link, or the page of a site, on a television."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.reports.queries import Station
from sensorfusion.sharing.models import NAME_LONGEST, Grid
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.fields import local_minute

CODE_LONGEST = 12


class CodeForm(forms.Form):
    """The code of a television."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=CODE_LONGEST,
        validators=[plain],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("The six letters and digits that the screen shows."),
    )


class ScreenForm(CodeForm):
    """The code of a television, and what it is to show of a sensor."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LONGEST,
        validators=[plain],
        help_text=gettext_lazy("The heading on the screen."),
    )
    quantities = forms.MultipleChoiceField(
        label=gettext_lazy("Quantities"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one quantity.")},
    )
    grid = forms.TypedChoiceField(
        label=gettext_lazy("Place"),
        choices=Grid.choices,
        coerce=int,
        initial=Grid.HIDDEN,
        help_text=gettext_lazy("With a place the screen has a sky, and is dimmed by the sun instead of the clock."),
    )
    expires = local_minute(
        gettext_lazy("Ends"),
        required=False,
        help_text=gettext_lazy("Leave it empty for a screen that you end yourself."),
    )

    def __init__(self, given: Any, *, station: Station, code: str = "") -> None:
        self.zone = ZoneInfo(station.sensor.site.time_zone)
        choices = [(name, station.looks(name).label) for name in station.newest.values]
        initial = {"code": code, "name": station.sensor.name, "quantities": [name for name, _ in choices]}
        super().__init__(given, initial=initial)
        chosen = self.fields["quantities"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = choices

    def columns(self) -> dict[str, Any]:
        """Return what `open_screen` is given."""
        given = self.cleaned_data
        ends: datetime | None = given["expires"]
        columns = {name: given[name] for name in ("code", "name", "quantities", "grid")}
        return columns | {"expires_at": None if ends is None else ends.replace(tzinfo=self.zone)}

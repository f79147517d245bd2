"""The forms of shares: a new link, and the password of one."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy

from sensorfusion.reports.queries import Station
from sensorfusion.sharing.models import NAME_LONGEST, Grid, History
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.fields import local_minute

PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 128


def origins_field() -> forms.CharField:
    """Return the field for the sites that may embed something."""
    return forms.CharField(
        label=gettext_lazy("Sites that may embed it"),
        required=False,
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://example.org"}),
        help_text=gettext_lazy("One address a line, without a path. Leave it empty, and no other site shows it."),
    )


class ShareForm(forms.Form):
    """A new link to chosen quantities of a sensor."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LONGEST,
        validators=[plain],
        help_text=gettext_lazy("The heading of the page that it shows."),
    )
    quantities = forms.MultipleChoiceField(
        label=gettext_lazy("Quantities"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one quantity.")},
    )
    history = forms.ChoiceField(label=gettext_lazy("History"), choices=History.choices, initial=History.DAY)
    grid = forms.TypedChoiceField(
        label=gettext_lazy("Place"),
        choices=Grid.choices,
        coerce=int,
        initial=Grid.HIDDEN,
        help_text=gettext_lazy("A shown place adds the nights to charts. Times are always those of the site's clock."),
    )
    expires = local_minute(
        gettext_lazy("Ends"), required=False, help_text=gettext_lazy("Leave it empty for a link that you end yourself.")
    )
    origins = origins_field()
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        min_length=PASSWORD_SHORTEST,
        max_length=PASSWORD_LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("The page asks for it once a day."),
    )

    def __init__(self, *arguments: Any, station: Station, **keywords: Any) -> None:
        self.zone = ZoneInfo(station.sensor.site.time_zone)
        super().__init__(*arguments, **keywords)
        chosen = self.fields["quantities"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(name, station.looks(name).label) for name in station.newest.values]

    def columns(self) -> dict[str, Any]:
        """Return what `make_share` is given."""
        given = self.cleaned_data
        columns = {name: given[name] for name in ("name", "quantities", "history", "grid", "password")}
        return columns | {"expires_at": self._expires_at(), "origins": given["origins"].split()}

    def _expires_at(self) -> datetime | None:
        """Return the instant of a minute of the site's clock, which Django has parsed in the zone of the process."""
        given: datetime | None = self.cleaned_data["expires"]
        return None if given is None else given.replace(tzinfo=self.zone)


class UnlockForm(forms.Form):
    """The password of a link."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=PASSWORD_LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

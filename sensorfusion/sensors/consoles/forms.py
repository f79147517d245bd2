"""Forms of weather consoles: claiming, identification by hand, and interpretation of their readings."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext, gettext_lazy

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.fields import names_in
from sensorfusion.sensors.consoles.fields import CONSOLE_ROWS, ConsoleReading
from sensorfusion.sensors.consoles.models import Console
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import editable_sites
from sensorfusion.web.fields import InRows, inputs, sent

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class ClaimForm(forms.Form):
    """Which sensor a console belongs to: an existing one, or a new one at a site."""

    sensor = forms.ChoiceField(label=gettext_lazy("Belongs to"))
    name = forms.CharField(label=gettext_lazy("Name of a new sensor"), max_length=100, required=False)
    ending = forms.CharField(
        label=gettext_lazy("Its station ID, or the last 4 characters of its PASSKEY"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs=_PLAIN),
    )

    def __init__(self, *arguments: Any, operator: Operator, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.sites = {f"new:{site.uuid}": site for site in editable_sites(operator)}
        found = Sensor.objects.filter(site__in=self.sites.values()).select_related("site").order_by("name", "id")
        self.sensors = {str(sensor.uuid): sensor for sensor in found}
        choices = [
            (value, gettext("A new sensor at {site}").format(site=site.name)) for value, site in self.sites.items()
        ]
        choices += [(value, f"{sensor.name}, {sensor.site.name}") for value, sensor in self.sensors.items()]
        cast(forms.ChoiceField, self.fields["sensor"]).choices = choices

    def chosen(self) -> Sensor | Site:
        """Return the chosen sensor, or the site of a new one."""
        value = self.cleaned_data["sensor"]
        return self.sensors.get(value) or self.sites[value]


class IdentityForm(forms.Form):
    """The credential of a console that cannot store a sensor key."""

    passkey = forms.CharField(
        label=gettext_lazy("PASSKEY or MAC address"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs=_PLAIN),
        help_text=gettext_lazy("Of an Ecowitt or Ambient console, as its app shows it."),
    )
    station_id = forms.CharField(
        label=gettext_lazy("Station ID"), max_length=64, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    station_password = forms.CharField(
        label=gettext_lazy("Its password"),
        max_length=64,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Of a console that cannot store the sensor's key."),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("passkey") and not (given.get("station_id") and given.get("station_password")):
            raise forms.ValidationError(gettext("Enter its PASSKEY, or its station ID and password."), code="nothing")
        return given


class ReadingForm(InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    rows = CONSOLE_ROWS

    class Meta:
        model = Console
        fields = names_in(CONSOLE_ROWS)
        formfield_callback = inputs(ConsoleReading)

    def details(self) -> ConsoleReading:
        """Return what the browser sent for the service."""
        return cast(ConsoleReading, sent(self))

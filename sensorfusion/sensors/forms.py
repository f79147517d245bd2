"""Forms of sites, sensors and members."""

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext, gettext_lazy

from sensorfusion.accounts.models import Operator, Role
from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.fields import names_in
from sensorfusion.sensors.fields import SENSOR_ROWS, SensorDetails
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import editable_sites, may_own
from sensorfusion.sensors.sites.fields import SITE_ROWS, TIME_ZONE, SiteDetails
from sensorfusion.web.fields import InRows, inputs, sent

NEW_SITE: Final = "new"


class SiteForm(InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    rows = SITE_ROWS

    class Meta:
        model = Site
        fields = names_in(SITE_ROWS)
        formfield_callback = inputs(SiteDetails)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["day_starts_h"].required = False

    def clean_day_starts_h(self) -> int:
        given: int | None = self.cleaned_data["day_starts_h"]
        return self.instance.day_starts_h if given is None else given

    def details(self) -> SiteDetails:
        """Return what the browser sent for the service."""
        return cast(SiteDetails, sent(self))


class NewSensorForm(forms.Form):
    """A name and a site: one that the operator may edit, or a new one."""

    name = forms.CharField(
        label=gettext_lazy("Name of the sensor"),
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Orchard station")}),
    )
    site = forms.ChoiceField(label=gettext_lazy("Site"))
    site_name = forms.CharField(label=gettext_lazy("Name of the site"), max_length=100, required=False)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"), max_length=64, required=False, widget=forms.TextInput(attrs=TIME_ZONE)
    )
    external_id = forms.CharField(max_length=128, required=False, widget=forms.HiddenInput)  # of a device that is known
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=gettext_lazy("Degrees north."),
    )
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=gettext_lazy("Degrees east."),
    )

    def __init__(self, *arguments: Any, operator: Operator, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.sites = {str(site.uuid): site for site in editable_sites(operator)}
        choices = [(uuid, site.name) for uuid, site in self.sites.items()]
        site = cast(forms.ChoiceField, self.fields["site"])
        site.choices = [*choices, (NEW_SITE, gettext("A new site…"))]
        for name in ("latitude", "longitude"):
            self.fields[name].widget.attrs |= {"step": "any", "inputmode": "decimal"}

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("site") == NEW_SITE:
            for name in ("site_name", "time_zone"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Required for a new site."))
        return self.cleaned_data

    def chosen_site(self) -> Site | None:
        """Return the chosen site, None for a new one."""
        return self.sites.get(self.cleaned_data["site"])

    def site_details(self) -> SiteDetails:
        """Return the details of the new site for the service: the place is the site's."""
        return SiteDetails(
            name=self.cleaned_data["site_name"],
            time_zone=self.cleaned_data["time_zone"],
            latitude=self.cleaned_data["latitude"],
            longitude=self.cleaned_data["longitude"],
        )

    def details(self) -> SensorDetails:
        """Return the details of the sensor for the service: the place is its own at a site that exists."""
        names = ("name", "external_id", *(("latitude", "longitude") if self.chosen_site() else ()))
        return cast(SensorDetails, {name: self.cleaned_data[name] for name in names})


class SensorForm(InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    rows = SENSOR_ROWS

    class Meta:
        model = Sensor
        fields = names_in(SENSOR_ROWS)
        formfield_callback = inputs(SensorDetails)
        error_messages = {NON_FIELD_ERRORS: {"unique_together": gettext_lazy(ERRORS["name_taken"].message)}}

    def __init__(self, *arguments: Any, operator: Operator, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        site = cast("forms.ModelChoiceField[Site]", self.fields["site"])
        site.label = gettext("Site")
        site.queryset, site.empty_label = editable_sites(operator), None
        if not may_own(operator=operator, site=self.instance.site):
            site.queryset = site.queryset.filter(pk=self.instance.site_id)
            site.help_text = gettext("Only an owner of the site may move it.")

    def details(self) -> SensorDetails:
        """Return what the browser sent without the site for the service."""
        return cast(SensorDetails, {name: value for name, value in sent(self).items() if name != "site"})


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("They are a member when they accept, after signing in.")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.VIEWER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)

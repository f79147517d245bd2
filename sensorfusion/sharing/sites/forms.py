"""The form of a site's shared page: how it is shared, and which quantities of which sensors it shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sensorfusion.reports.queries import Station
from sensorfusion.sensors.models import Site
from sensorfusion.sharing.forms import PASSWORD_LONGEST, PASSWORD_SHORTEST, origins_field
from sensorfusion.sharing.models import ABOUT_LONGEST, NAME_LONGEST, SLUG_LONGEST, Grid, History, SiteShare
from sensorfusion.sharing.sites.services import Part, Shown
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.fields import local_minute

LINK, PUBLIC = "link", "public"
VISIBILITIES: Final = ((LINK, gettext_lazy("By link")), (PUBLIC, pgettext_lazy("page", "Public")))


class SiteShareForm(forms.Form):
    """What the page of a site shows."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"), choices=VISIBILITIES, widget=forms.RadioSelect, initial=LINK
    )
    slug = forms.CharField(
        label=gettext_lazy("Address of a public page"),
        required=False,
        max_length=SLUG_LONGEST,
        widget=forms.TextInput(attrs={"placeholder": "north-road", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy("Small letters, digits and hyphens. After a change the old address shows nothing."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LONGEST,
        validators=[plain],
        help_text=gettext_lazy("The heading of the page."),
    )
    about = forms.CharField(
        label=gettext_lazy("About"),
        required=False,
        max_length=ABOUT_LONGEST,
        validators=[plain],
        help_text=gettext_lazy("A sentence below the heading, such as whose station it is."),
    )
    history = forms.ChoiceField(label=gettext_lazy("History"), choices=History.choices, initial=History.DAY)
    grid = forms.TypedChoiceField(
        label=gettext_lazy("Place"),
        choices=Grid.choices,
        coerce=int,
        initial=Grid.HIDDEN,
        help_text=gettext_lazy("Without a place the page is not on a map. Times are always those of the site's clock."),
    )
    expires = local_minute(
        gettext_lazy("Ends"), required=False, help_text=gettext_lazy("Leave it empty for a page that you end yourself.")
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        min_length=PASSWORD_SHORTEST,
        max_length=PASSWORD_LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    origins = origins_field()
    no_password = forms.BooleanField(label=gettext_lazy("Remove the password"), required=False)

    def __init__(
        self, *arguments: Any, site: Site, stations: Sequence[Station], page: SiteShare | None, **keywords: Any
    ) -> None:
        self.zone, self.page = ZoneInfo(site.time_zone), page
        keywords.setdefault("initial", _initial(site, page, self.zone))
        super().__init__(*arguments, **keywords)
        keeps = gettext("Leave it empty to keep the present one.")
        asked = gettext("Of a page by link: asked once a day.")
        self.fields["password"].help_text = keeps if page and page.password else asked
        held = {part.sensor_id: part for part in page.parts.all()} if page else {}
        self.sensors = [station.sensor for station in stations if station.newest.values]
        for station in stations:
            if not station.newest.values:
                continue
            part = held.get(station.sensor.pk)
            chosen = part.quantities if part else ([] if page else list(station.newest.values))
            self._add(station, name=part.name if part else station.sensor.name, chosen=chosen)

    def shown_sensors(self) -> list[tuple[forms.BoundField, forms.BoundField, bool]]:
        """Return the fields of each sensor: its name, its quantities, and whether the page shows it now."""
        shown = {part.sensor_id for part in self.page.parts.all()} if self.page else set()
        return [(self[f"name-{each.uuid}"], self[f"show-{each.uuid}"], each.pk in shown) for each in self.sensors]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_public = given.get("visibility") == PUBLIC
        if is_public and not given.get("slug"):
            self.add_error("slug", gettext("Write the address of the public page."))
        if is_public and given.get("password"):
            self.add_error("password", gettext("A public page has no password."))
        if not any(given.get(f"show-{each.uuid}") for each in self.sensors):
            self.add_error(None, gettext("Choose at least one quantity of a sensor."))
        return given

    def shown(self) -> Shown:
        """Return what `share_site` is given."""
        given = self.cleaned_data
        is_public = given["visibility"] == PUBLIC
        keeps = not given["password"] and not given["no_password"] and not is_public
        return Shown(
            name=given["name"],
            parts=[
                Part(each, given[f"name-{each.uuid}"] or each.name, given[f"show-{each.uuid}"])
                for each in self.sensors
                if given[f"show-{each.uuid}"]
            ],
            about=given["about"],
            slug=given["slug"] if is_public else None,
            history=given["history"],
            grid=given["grid"],
            password=None if keeps else given["password"],
            expires_at=self._expires_at(),
            origins=given["origins"].split(),
        )

    def _add(self, station: Station, *, name: str, chosen: Sequence[str]) -> None:
        uuid = station.sensor.uuid
        self.fields[f"name-{uuid}"] = forms.CharField(
            label=gettext_lazy("Name on the page"),
            required=False,
            max_length=NAME_LONGEST,
            validators=[plain],
            initial=name,
        )
        self.fields[f"show-{uuid}"] = forms.MultipleChoiceField(
            label=station.sensor.name,
            required=False,
            initial=list(chosen),
            widget=forms.CheckboxSelectMultiple,
            choices=[(each, station.looks(each).label) for each in station.newest.values],
        )

    def _expires_at(self) -> datetime | None:
        """Return the instant of a minute of the site's clock, which Django has parsed in the zone of the process."""
        given: datetime | None = self.cleaned_data["expires"]
        return None if given is None else given.replace(tzinfo=self.zone)


def _initial(site: Site, page: SiteShare | None, zone: ZoneInfo) -> dict[str, Any]:
    if page is None:
        return {"name": site.name}
    fields = {name: getattr(page, name) for name in ("slug", "name", "about", "history", "grid")}
    ends = page.expires_at.astimezone(zone).replace(tzinfo=None) if page.expires_at else None
    return {**fields, "visibility": PUBLIC if page.slug else LINK, "expires": ends, "origins": "\n".join(page.origins)}

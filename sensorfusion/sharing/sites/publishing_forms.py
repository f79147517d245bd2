"""The form that makes a sensor public, and the sentence that says what everybody sees of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from sensorfusion.reports.queries import Station
from sensorfusion.reports.words import listed
from sensorfusion.sharing.models import NAME_LONGEST, SLUG_LONGEST, Grid, Share, SiteShare
from sensorfusion.sharing.sites.queries import free_slug
from sensorfusion.sharing.words import history_inside, place_inside
from sensorfusion.web.checks.plain_text import plain


class PublicForm(forms.Form):
    """What everybody is to see of a sensor. Address and place are those of the site's page if it has one."""

    name = forms.CharField(
        label=gettext_lazy("Name on the page"),
        max_length=NAME_LONGEST,
        validators=[plain],
        help_text=gettext_lazy("Visitors read it, and no other name of the sensor or the site."),
    )
    quantities = forms.MultipleChoiceField(
        label=gettext_lazy("Shown to everybody"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one quantity.")},
    )
    slug = forms.CharField(
        label=gettext_lazy("Address of the page"),
        max_length=SLUG_LONGEST,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy("Small letters, digits and hyphens: /p/north-road/."),
    )
    grid = forms.TypedChoiceField(
        label=gettext_lazy("Place"),
        choices=Grid.choices,
        coerce=int,
        initial=Grid.HIDDEN,
        help_text=gettext_lazy("Without a place the page is not on a map."),
    )

    def __init__(self, *arguments: Any, station: Station, page: SiteShare | None, **keywords: Any) -> None:
        name = station.sensor.name[:NAME_LONGEST]
        initial = {"name": name, "quantities": list(station.newest.values)}
        initial |= {} if page else {"slug": free_slug(name)}
        super().__init__(*arguments, **{"initial": initial, "auto_id": "public_%s", **keywords})
        chosen = self.fields["quantities"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(each, station.looks(each).label) for each in station.newest.values]
        if page:
            del self.fields["slug"], self.fields["grid"]

    def clean(self) -> dict[str, Any]:
        if "slug" not in self.fields and "slug" in self.data:  # the page was made after this form was read
            raise ValidationError(gettext("The site has a page by now. Look at what it shows, then send this again."))
        return super().clean() or {}


def sentence(part: Share, page: SiteShare, station: Station) -> str:
    """Say what everybody sees of a sensor."""
    quantities = listed([station.looks(each).label for each in part.quantities])
    text = gettext("Everybody, search engines too, sees as “{name}”, live: {quantities}; {history}; {place}.")
    return text.format(
        name=part.name, quantities=quantities, history=history_inside(page.history), place=place_of(page, station)
    )


def place_of(page: SiteShare, station: Station) -> str:
    return place_inside(page.grid if station.place else Grid.HIDDEN)

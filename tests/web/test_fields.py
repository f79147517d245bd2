"""Forms made from declared fields: their inputs, their rows, and what a browser left out."""

from typing import Annotated, TypedDict

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from sensorfusion.domain.fields import Field, Row, names_in
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.fields import InRows, inputs, sent
from tests.web.shown_forms import forms_of


class Details(TypedDict, total=False):
    model: Annotated[str, Field(label="Device", help="As its label says.", attributes={"spellcheck": "false"})]
    description: str
    latitude: float | None
    installed_on: Annotated[str, Field(help="")]


ROWS = (Row(("model", "latitude")), Row(("description",)), Row(("installed_on",), legend="Since", note="if known"))


class DetailsForm(InRows, forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    rows = ROWS

    class Meta:
        model = Sensor
        fields = names_in(ROWS)
        formfield_callback = inputs(Details)


def test_label_and_help_are_the_declared_ones_else_those_of_the_column() -> None:
    form = DetailsForm()

    assert (form["model"].label, form["model"].help_text) == ("Device", "As its label says.")
    assert form["latitude"].help_text == Sensor._meta.get_field("latitude").help_text
    assert form["installed_on"].help_text == ""


def test_input_follows_from_the_kind_of_column() -> None:
    form = DetailsForm(instance=Sensor(latitude=52.0, description="\nOne\nTwo"))

    assert 'value="52" step="any"' in str(form["latitude"])
    assert 'type="date"' in str(form["installed_on"])
    assert 'rows="3"' in str(form["description"])
    assert 'spellcheck="false" maxlength="100"' in str(form["model"])


def test_every_row_is_shown_with_its_legend() -> None:
    shown = render_to_string("web/rows.html", {"form": DetailsForm()})

    assert forms_of(f"<form>{shown}</form>")[0].names == set(names_in(ROWS))
    assert '<legend>Since <span class="optional">if known</span></legend>' in shown
    assert shown.index('name="latitude"') < shown.index('name="description"')


def test_line_breaks_are_kept_as_line_feeds() -> None:
    form = DetailsForm(QueryDict("description=One%0D%0ATwo"))

    assert form.is_valid()
    assert form.cleaned_data["description"] == "One\nTwo"


def test_only_what_the_browser_sent_is_to_be_changed() -> None:
    form = DetailsForm(QueryDict("model=&latitude=52"), instance=Sensor(description="Kept"))

    assert form.is_valid()
    assert sent(form) == {"model": "", "latitude": 52.0}


def test_a_box_that_is_not_ticked_counts_as_sent() -> None:
    class Boxes(forms.Form):
        is_on = forms.BooleanField(required=False)
        other = forms.CharField(required=False)

    form = Boxes(QueryDict("x=1"))
    assert form.is_valid()
    assert sent(form) == {"is_on": False}

"""A service's refusal becomes text on a page."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.forms import RefusedIn, TypedConfirmation


class _Form(forms.Form):
    name = forms.CharField()


def _filled_in() -> _Form:
    form = _Form({"name": "Orchard"})
    assert form.is_valid()
    return form


@pytest.mark.parametrize(
    ("error", "errors"),
    [
        (Refusal("name_taken", "Taken.", field="name"), {"name": ["Taken."]}),
        (Refusal("name_taken", "Taken.", field="other"), {"__all__": ["Taken."]}),
        (Refusal("not_allowed", "No."), {"__all__": ["No."]}),
        (ValidationError({"name": ["Wrong."], "other": ["Odd."]}), {"name": ["Wrong."], "__all__": ["Odd."]}),
        (ValidationError("Wrong."), {"__all__": ["Wrong."]}),
    ],
)
def test_a_refusal_is_said_at_its_field(error: Exception, errors: dict[str, list[str]]) -> None:
    form = _filled_in()

    with RefusedIn(form):
        raise error

    assert form.errors == errors


def test_what_is_no_refusal_goes_on() -> None:
    with pytest.raises(LookupError), RefusedIn(_filled_in()):
        raise LookupError


@pytest.mark.parametrize(
    ("typed", "confirmed"), [("Orchard", True), (" Orchard ", True), ("orchard", False), ("", False)]
)
def test_what_cannot_be_undone_asks_for_the_name(typed: str, confirmed: bool) -> None:
    assert TypedConfirmation({"typed": typed}, name="Orchard").is_valid() is confirmed


def test_a_refusal_is_in_the_reader_s_language_on_a_page_and_in_english_for_programs() -> None:
    form, refusal = _filled_in(), Refusal("name_taken", field="name")
    counted = Refusal("limit_reached", "{used} of {limit} are used.", used=3, limit=4)

    with override("de"), RefusedIn(form):
        raise refusal

    assert form.errors == {
        "name": ["Der Standort hat schon einen Sensor dieses Namens. Wählen Sie einen anderen Namen."]
    }
    assert refusal.detail == "The site has a sensor of this name already. Choose another name."
    with override("de"):
        assert (counted.shown, counted.detail) == ("3 von 4 sind genutzt.", "3 of 4 are used.")

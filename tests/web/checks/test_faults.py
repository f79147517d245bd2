"""What is wrong with a form is said in our own words, once on top of the page and once at its field."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils.translation import override

from sensorfusion.web.checks.faults import Fault, faults_in, said_at


class _Form(forms.Form):
    name = forms.CharField(max_length=4)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    every = forms.IntegerField(required=False)
    role = forms.ChoiceField(required=False, choices=[("a", "A")], widget=forms.RadioSelect)
    email = forms.EmailField(label="E-mail", required=False)
    installed_on = forms.DateField(required=False)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"name": ""}, Fault("Name is missing.", "id_name")),
        ({"name": "Orchard"}, Fault("Name has at most 4 characters; these are 7.", "id_name")),
        ({"latitude": "95"}, Fault("Latitude is at most 90.", "id_latitude")),
        ({"latitude": "-95"}, Fault("Latitude is at least -90.", "id_latitude")),
        ({"latitude": "north"}, Fault("Latitude must be a number, such as 52.2.", "id_latitude")),
        ({"every": "1.5"}, Fault("Every must be a whole number, such as 60.", "id_every")),
        ({"role": "x"}, Fault("Role: choose one of the options.", "id_role_0")),
        ({"email": "x"}, Fault("E-mail must be an address such as ada@example.org.", "id_email")),
        ({"installed_on": "soon"}, Fault("Installed on must be a date, such as 2026-11-29.", "id_installed_on")),
    ],
)
def test_djangos_errors_are_said_in_our_words(given: dict[str, str], fault: Fault) -> None:
    form = _Form({"name": "Mast", **given})

    assert faults_in({"form": form}) == [fault]
    assert said_at(form[fault.at.removeprefix("id_").removesuffix("_0")]) == [fault.text]


def test_our_own_errors_are_unchanged_and_named_by_their_field() -> None:
    form = _Form({"name": "Mast"})
    form.add_error("latitude", "Longitude needs it.")
    form.add_error(None, ValidationError("Taken."))

    assert faults_in({"form": form}) == [
        Fault("Taken.", "id_name"),
        Fault("Latitude: Longitude needs it.", "id_latitude"),
    ]


def test_forms_of_rows_and_faults_without_a_form_are_found() -> None:
    class _Row:
        form = _Form({"name": ""}, auto_id="id_7_%s")

    context: dict[str, Any] = {"rows": [_Row()], "faults": [Fault("No.")], "fresh": _Form()}

    assert faults_in(context) == [Fault("No."), Fault("Name is missing.", "id_7_name")]


def test_the_summary_has_the_focus_and_links_to_the_fields() -> None:
    template = Template("{% load frame %}{% error_summary '; nothing was saved' %}")

    shown = template.render(Context({"form": _Form({"name": "", "latitude": "95"})}))

    assert "2 things need a change; nothing was saved" in shown
    assert 'href="#id_name"' in shown
    assert 'href="#id_latitude"' in shown
    assert 'tabindex="-1" autofocus' in shown
    assert "section" not in template.render(Context({"form": _Form()}))


def test_the_summary_is_in_the_reader_s_language() -> None:
    template = Template("{% load frame %}{% error_summary _('; nothing was saved') %}")

    with override("de"):
        one, two = (
            template.render(Context({"form": _Form({"name": name, "latitude": "95"})})) for name in ("Mast", "")
        )

    assert "Eine Angabe muss geändert werden; es wurde nichts gespeichert" in one
    assert "Latitude: höchstens 90" in one
    assert "2 Angaben müssen geändert werden; es wurde nichts gespeichert" in two
    assert "Name: Die Angabe fehlt." in two

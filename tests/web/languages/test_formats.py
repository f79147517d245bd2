"""Numbers and dates where browsers read them, and what may be typed, in every language."""

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

LANGUAGES = [code for code, _ in settings.LANGUAGES]


class Form(forms.Form):
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    limit = forms.FloatField()


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_in_attributes_have_a_point_and_no_groups(language: str) -> None:
    with translation.override(language):
        drawn = Template('<path d="M{{ x }} {{ y }}">{{ x|floatformat:2 }}').render(Context({"x": 1234.5, "y": 12345}))

    assert drawn == '<path d="M1234.5 12345">1234.50'


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_in_fields_are_written_as_browsers_read_them(language: str) -> None:
    form = Form({"day": "2026-11-30", "at": "2026-11-30 14:05", "limit": "2.5"})
    with translation.override(language):
        assert form.is_valid()
        shown = Form(initial=form.cleaned_data).as_p()

    assert 'value="2026-11-30"' in shown
    assert 'value="2026-11-30 14:05:00"' in shown
    assert 'value="2.5"' in shown


def test_a_german_date_may_be_typed() -> None:
    with translation.override("de"):
        assert Form.base_fields["day"].clean("30.11.2026").isoformat() == "2026-11-30"
        assert Form.base_fields["at"].clean("30.11.2026 14:05").isoformat().startswith("2026-11-30T14:05")

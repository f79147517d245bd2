"""Rows that are filled into a template must be what the template would have rendered."""

import itertools

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from sensorfusion.web.stencils import filled

ROW = ("url", "state", "name", "value", "why", "age", "site")
TEMPLATES = {
    "web/frame/switcher-row.html": ROW,
    "reports/listed/card-value.html": ("uuid", "label", "quantity", "state", "number", "symbol"),
    "reports/listed/row.html": (
        "uuid",
        "url",
        "name",
        "at",
        "quantity",
        "number",
        "has_spark",
        "line",
        "battery",
        "low",
    ),
    "reports/listed/card.html": (
        "uuid",
        "model",
        "at",
        "quantity",
        "number",
        "what",
        "is_word",
        "has_spark",
        "battery",
    ),
}
ODD = ("<b>&\"'", "100 %", "%(name)s", "{{ row.name }}", "{% x %}", "\\", "12,4\u00a0°C")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_row_is_what_its_template_renders_whatever_is_empty(template: str, language: str) -> None:
    fields = TEMPLATES[template]
    with translation.override(language):
        for has in itertools.product([True, False], repeat=len(fields)):
            texts = {name: f"{name} & more" if each else "" for name, each in zip(fields, has, strict=True)}

            assert filled(template, **texts) == render_to_string(template, {"row": texts})


@pytest.mark.parametrize("odd", ODD)
def test_texts_are_escaped_and_mean_nothing_to_the_template(odd: str) -> None:
    texts = dict.fromkeys(ROW, odd)

    assert filled("web/frame/switcher-row.html", **texts) == render_to_string(
        "web/frame/switcher-row.html", {"row": texts}
    )


def test_safe_markup_is_not_escaped_again() -> None:
    assert "<i>1 alert</i>" in filled("web/frame/switcher-row.html", **dict.fromkeys(ROW, mark_safe("<i>1 alert</i>")))
    assert "<i>" not in filled("web/frame/switcher-row.html", **dict.fromkeys(ROW, "<i>1 alert</i>"))

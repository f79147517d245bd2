"""The indentation of templates is removed when they are loaded, and nothing else is."""

import re
from typing import Final

import pytest
from django.template import Engine, Template
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.web.whitespace import condense


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("<ul>\n  <li>\n    <b>a</b>\n  </li>\n</ul>\n", "<ul><li><b>a</b></li></ul>"),
        ("<p>\n  one\n  two {{ three }}\n  {{ four }}\n</p>", "<p>one two {{ three }} {{ four }}</p>"),
        ("<b>21.4</b> <span>°C</span>", "<b>21.4</b> <span>°C</span>"),
        ("read\n<a>this</a>\nfirst", "read <a>this</a> first"),
        ("one<br>\ntwo", "one<br> two"),
        ("{% if a %}\n  one\n{% else %}\n  two\n{% endif %}", "{% if a %}one{% else %}two{% endif %}"),
        ("one\n{% if a %}\n  two\n{% endif %}\nthree", "one {% if a %}two{% endif %} three"),
        ('{% icon "x" %}\n<span>a</span>\n{% include "b" %}', '{% icon "x" %}<span>a</span>{% include "b" %}'),
        ('{% icon "x" %}\nwords', '{% icon "x" %} words'),
        ("<b>a</b>{# no space #}<b>b</b>\n{# none here #}\n<b>c</b>", "<b>a</b><b>b</b><b>c</b>"),
        ('{% icon "x" %}\n{% translate "words" %}\n<b>a</b>', '{% icon "x" %} {% translate "words" %} <b>a</b>'),
        ('<p>\n  {% translate "One." %}\n</p>', '<p>{% translate "One." %}</p>'),
        (
            "<p>\n  {% blocktranslate trimmed %}\n  <b>a</b>\n  <i>b</i>\n  {% endblocktranslate %}\n  {{ c }}\n</p>",
            "<p>{% blocktranslate trimmed %} <b>a</b> <i>b</i> {% endblocktranslate %} {{ c }}</p>",
        ),
        ("a   b\tc", "a b c"),
        ("21\u00a0°C\n\u00a0", "21\u00a0°C \u00a0"),
        ("a < b\n{{ c", "a < b {{ c"),
    ],
)
def test_a_line_break_is_a_space_only_beside_words(written: str, sent: str) -> None:
    assert condense(written) == sent


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (
            '<a\n  href="x"\n  {% if a %}hidden{% endif %}\n>\n  b\n</a\n>',
            '<a href="x" {% if a %}hidden{% endif %}>b</a>',
        ),
        ('<path\n  d="M0 0\n     V9"\n/>', '<path d="M0 0 V9"/>'),
        ('<i title="a > b  c">\n</i>', '<i title="a > b  c"></i>'),
        ("<i{% if a > b %} hidden{% endif %}>\n</i>", "<i{% if a > b %} hidden{% endif %}></i>"),
        ("<time{% if a %} hidden{% endif %}>\n  now\n</time>", "<time{% if a %} hidden{% endif %}>now</time>"),
    ],
)
def test_a_line_break_in_a_tag_is_one_space(written: str, sent: str) -> None:
    assert condense(written) == sent


UNTOUCHED: Final = [
    "<pre>\n  a\n\n  b </pre>",
    '<pre id="a > b">\n  {{ code }}\n</pre>',
    "<textarea>\n a  b\n</textarea>",
    "<script>\n// a\nb();\n</script>",
    '<script type="application/json">\n{"a":  1}\n</script>',
    "<style>\n  p { margin: 0 }\n</style>",
    "<!--\n  a  b\n-->",
    "{% verbatim %}\n  <p>\n  </p>\n{% endverbatim %}",
]


@pytest.mark.parametrize("kept", UNTOUCHED)
def test_what_is_shown_or_run_as_it_is_written_stays(kept: str) -> None:
    assert condense(f"<div>\n  {kept}\n</div>\n") == f"<div>{kept}</div>"


_WORDS: Final = ["a", "b c", "{{ d }}", "°C", "\u00a0", "<", "{", "é"]
_TAGS: Final = [
    "<p>",
    "</p>",
    "<b class='x'>",
    "</b>",
    "<br>",
    "{% if x %}",
    "{% endif %}",
    "{% else %}",
    "{% icon 'y' %}",
]
_SPACES: Final = ["", " ", "\n", "\n    ", "  \n\n", "\t"]
templates = st.lists(st.sampled_from([*_WORDS, *_TAGS, *_SPACES, *UNTOUCHED]), max_size=30).map("".join)


@given(templates | st.text("ab <>/{}%#\"'\n=!-", max_size=80))
def test_nothing_but_white_space_is_changed(source: str) -> None:
    def without_space(text: str) -> str:
        return re.sub(r"\s+|\{#[^\n]*?#\}", "", text, flags=re.ASCII)

    assert without_space(condense(source)) == without_space(source)


@given(templates)
def test_a_template_is_condensed_once(source: str) -> None:
    assert condense(condense(source)) == condense(source)


@given(st.lists(st.sampled_from(["a", "{{ b }}", "c\u00a0d"]), min_size=1), st.sampled_from(_SPACES[1:]))
def test_words_stay_apart(words: list[str], space: str) -> None:
    assert condense(space.join(words)) == " ".join(words)


def test_our_pages_are_condensed_and_those_of_others_are_not() -> None:
    assert "\n" not in loaded("web/page.html").source
    assert "\n\n" in loaded("admin/base.html").source


def test_examples_of_code_keep_their_lines() -> None:
    assert "\n" in loaded("sensors/examples/python.txt").source


def test_a_template_is_condensed_when_it_is_loaded_and_not_for_every_page() -> None:
    assert loaded("web/page.html") is loaded("web/page.html")


def loaded(name: str) -> Template:
    return Engine.get_default().get_template(name)

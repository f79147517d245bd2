"""The tools that keep the catalogues of translated texts."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from release import messages, untranslated

MODULE = """
from django.utils.translation import gettext, gettext_lazy as lazy, gettext_lazy, gettext_noop, ngettext, pgettext
TABLE = {"a": gettext_noop("Late"), "b": gettext_lazy("Paused")}
def sentence(count, name):
    # gettext("in a comment")
    said = ngettext("{count} reading", "{count} readings", count).format(count=count)
    return f"{said} {gettext('of {name}').format(name=name)} {pgettext('door', 'open')} {gettext(name)}"
"""
TEMPLATE = """{% load i18n %}
<h1>{% translate "Sensors" %}</h1>
  <p title="{% translate 'Ask' %}">
    {% blocktranslate trimmed count n=3 %}
      One <b>sensor</b>
    {% plural %}
      {{ n }} sensors
    {% endblocktranslate %}
  {% include "x.html" with label=_("Name") %}{% translate "open" context "shop" %}
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "sensorfusion"
    (package / "sites" / "templates").mkdir(parents=True)
    (package / "sites" / "words.py").write_text(MODULE)
    (package / "sites" / "templates" / "sites.html").write_text(TEMPLATE)
    monkeypatch.setattr(messages, "PACKAGE", package)
    messages.messages_in.cache_clear()
    return package


def texts(catalogue: Catalog) -> set[object]:
    return {(each.context, each.id) if each.context else each.id for each in catalogue if each.id}


@pytest.mark.usefixtures("package")
def test_every_marked_text_of_modules_and_templates_is_extracted() -> None:
    assert texts(messages.extracted("sites")) == {
        *("Late", "Paused", "of {name}", "Sensors", "Ask", "Name", ("door", "open"), ("shop", "open")),
        ("{count} reading", "{count} readings"),
        ("One <b>sensor</b>", "%(n)s sensors"),
    }
    assert messages.apps() == ["sites"]


def test_a_catalogue_is_made_filled_and_complete(package: Path) -> None:
    messages.update("sites", "de")
    empty = messages.missing("sites", "de")
    given = {
        name: [f"de {each}" for each in text] if isinstance(text, list) else f"{name}" for name, text in empty.items()
    }
    given |= {
        "{count} reading": ["{count} Messung", "{count} Messungen"],
        "One <b>sensor</b>": ["Ein <b>Sensor</b>", "%(n)s Sensoren"],
    }

    assert messages.fill("sites", "de", {**given, "Nothing": "Nichts"}) == ["Nothing"]
    assert list(messages.faults("sites", "de")) == []
    assert messages.missing("sites", "de") == {}
    first = (
        messages.path_of("sites", "de").read_bytes(),
        messages.path_of("sites", "de").with_suffix(".mo").read_bytes(),
    )
    messages.update("sites", "de")
    again = (
        messages.path_of("sites", "de").read_bytes(),
        messages.path_of("sites", "de").with_suffix(".mo").read_bytes(),
    )
    assert again == first  # no dates, no machines


def test_what_is_wrong_with_a_catalogue_is_said(package: Path) -> None:
    messages.update("sites", "de")
    messages.fill("sites", "de", {"of {name}": "von {names}", "Late": "Verspätet", "Sensors": "Sensoren"})
    (package / "sites" / "words.py").write_text(MODULE.replace('"Late"', '"Too late"'))
    messages.messages_in.cache_clear()

    said = {str(each) for each in messages.faults("sites", "de")}

    assert any("'Too late' is not in the catalogue" in each for each in said)
    assert any("'Late' is not used any more" in each for each in said)
    assert any("'Paused' is not translated" in each for each in said)
    assert any("'of {name}' and its translation 'von {names}' hold other values" in each for each in said)
    assert not any("'Sensors'" in each for each in said)


def test_a_binary_that_is_not_of_its_catalogue_is_found(package: Path) -> None:
    messages.update("sites", "de")
    path = messages.path_of("sites", "de")
    path.with_suffix(".mo").write_bytes(b"")

    assert any("django.mo" in str(each) for each in messages.faults("sites", "de"))


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Save it</p>", ["Save it"]),
        ('<p>{% translate "Save it" %}</p>', []),
        ("{% blocktranslate trimmed %}Save <b>it</b>{% endblocktranslate %}", []),
        ('<a title="Save it" class="button">{{ name }}</a>', ["Save it"]),
        ('<a title="{% translate "Save it" %}"></a>', []),
        ('{% include "x.html" with label="Save it" %}', ["Save it"]),
        ('{% include "x.html" with label=_("Save it") %}', []),
        ('{{ name|default:"A person" }}', ["A person"]),
        ('{{ name|default:_("A person") }}', []),
        ("{# Save it #}<!-- Save it -->{% comment %}Save it{% endcomment %}<code>save it</code>", []),
        ("{% block page %}sensors{% endblock %}<p>SensorFusion · MQTT &amp; hPa</p>", []),
        ("<p>\n{% if a %}late{% endif %}\n</p>", ["late"]),
    ],
)
def test_text_of_templates_that_is_not_marked_is_found(template: str, found: list[str], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(template)

    assert [each.text for each in untranslated.unmarked(path)] == found


def test_the_line_of_an_unmarked_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("{% if a %}\n  {{ b }}\n  <p>\n    Save it\n  </p>\n{% endif %}")

    assert [(each.line, each.text) for each in untranslated.unmarked(path)] == [(4, "Save it")]

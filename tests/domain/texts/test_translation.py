"""Texts of the domain: themselves without a page, translated within one."""

import pytest

from sensorfusion.domain.texts import translation
from sensorfusion.domain.texts.translation import gettext, gettext_noop, ngettext, translated

GERMAN = {"Late": "Verspätet", "{count} readings": "{count} Messungen", "{a} above {b}": "über {b}: {a}"}


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_functions", {})
    translation.use(
        gettext=lambda text: GERMAN.get(text, text), ngettext=lambda one, many, number: GERMAN.get(many, many)
    )


def test_a_text_is_itself_where_no_page_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_functions", {})

    assert (gettext("Late"), gettext_noop("Late")) == ("Late", "Late")
    assert [ngettext("one", "many", number) for number in (0, 1, 2)] == ["many", "one", "many"]


@pytest.mark.usefixtures("german")
def test_a_text_is_in_the_reader_s_language_in_a_page() -> None:
    assert (gettext("Late"), gettext_noop("Late"), gettext("")) == ("Verspätet", "Late", "")
    assert ngettext("{count} reading", "{count} readings", 3).format(count=3) == "3 Messungen"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("12 readings", "12 Messungen"),
        ("1 above 2", "über 2: 1"),
        ("{b} above {a}", "über {a}: {b}"),  # what a device sent is a value, whatever it looks like
        ("12 readings (more)", "12 readings (more)"),
        ("", ""),
    ],
)
def test_a_text_that_was_stored_is_translated_by_the_message_that_it_was_made_of(stored: str, shown: str) -> None:
    assert translated(stored, ["{count} readings", "{a} above {b}"]) == shown

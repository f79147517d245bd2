"""Which texts can be stored, and which are plain."""

import pytest

from sensorfusion.domain.texts.plain_text import is_plain, is_storable

PLAIN = ["", "Orchard", "日本語 🌡", "Ödön's 2nd mast (W)", "بستان", "نمی‌خواهم", "👩‍🌾 farm", "क्‍ष", "<script>"]
NOT_PLAIN = {
    "line break": "a\nb",
    "line break at the end": "a\n",
    "return": "a\rb",
    "tab": "a\tb",
    "nul": "a\0b",
    "escape": "a\x1b[31m",
    "next line": "a\x85b",
    "line separator": "a\u2028b",
    "right-to-left override": "\u202egnorw\u202c",
    "isolate": "\u2066a\u2069",
    "mark": "a\u200fb",
    "zero-width space": "a\u200bb",
    "byte order mark": "\ufeffa",
    "soft hyphen": "a\u00adb",
    "word joiner": "a\u2060b",
    "joiner in Latin letters": "gree\u200dnhouse",
    "joiner in Cyrillic letters": "сад\u200c1",
    "half a character": "a\ud800",
}


@pytest.mark.parametrize("text", PLAIN)
def test_names_of_all_scripts_are_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize("text", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_text_that_imitates_another_is_not_plain(text: str) -> None:
    assert not is_plain(text)


def test_nul_and_half_a_character_cannot_be_stored() -> None:
    assert is_storable("日本語 🌡\n")
    assert not is_storable("a\0")
    assert not is_storable("\udc00")

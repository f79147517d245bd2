"""Outcomes are stored in English, and shown in the reader's language with the values that they hold."""

import pytest
from django.utils import translation

from sensorfusion.outgoing.apprise.running import NOT_INSTALLED
from sensorfusion.outgoing.outcomes import ENDED, in_words


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        ("accepted", "angenommen"),
        ("it answers 502", "die Antwort ist 502"),
        ("it answers 401: it requires a key or password, or another one",
         "die Antwort ist 401: Ein Schlüssel oder Passwort fehlt oder ist falsch"),
        ("there is no host nas.local", "den Host nas.local gibt es nicht"),
        (f"it answers 410: {ENDED}",
         "die Antwort ist 410: dieser Browser hat sein Abonnement beendet; "
         "melden Sie ihn auf seiner eigenen Seite wieder an"),
        ("tgram: the bot was blocked", "tgram: the bot was blocked"),
        ("", ""),
    ],
)  # fmt: skip
def test_stored_outcome_is_translated_when_it_is_shown(stored: str, german: str) -> None:
    assert in_words(stored) == stored
    with translation.override("de"):
        assert in_words(stored) == german


def test_sentence_that_is_marked_elsewhere_is_translated_too() -> None:
    with translation.override("de"):
        assert in_words(NOT_INSTALLED).startswith("apprise ist auf diesem Server nicht installiert.")

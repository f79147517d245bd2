"""The details of notices and refused values in German: they are made in English, by the code that refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.normalise import RefusedValue, check_values, normalise
from sensorfusion.ingest.mqtt.adapters.fields import not_understood, unknown_topic
from sensorfusion.ingest.steps import clock_notes
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.instants import BadInstant, dates
from sensorfusion.sensors.notices.details import detail_in_words

NOW = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)


def refused(name: str, raw: object) -> str:
    found = normalise(name, raw)
    assert isinstance(found, RefusedValue)
    return found.detail


def refused_time(raw: object) -> str:
    [found] = dates([Sent({}, raw)], received_at=NOW)
    assert isinstance(found, BadInstant)
    return found.detail


@pytest.mark.parametrize(
    ("detail", "german"),
    [
        (
            refused("temperature", {"value": 900, "unit": "°F"}),
            "482.222 °C (gesendet als 900 °F) liegt über dem höchsten möglichen Wert von temperature, 80 °C",
        ),
        (refused("pressure", -5), "-5 hPa liegt unter dem niedrigsten möglichen Wert von pressure, 300 hPa"),
        (refused("temperature", "warm"), "'warm' ist keine Zahl"),
        (refused("temperature", {"value": 1, "unit": "furlong"}), "die Einheit 'furlong' ist nicht bekannt"),
        (refused_time("yesterday"), "'yesterday' ist keine Zeit: Senden Sie RFC 3339 wie 2026-11-22T06:00:00Z"),
        (
            refused_time("2026-11-22T06:00:00"),
            "'2026-11-22T06:00:00' hat keine Zeitzone: Fügen Sie Z oder eine Abweichung wie +01:00 an",
        ),
        (
            clock_notes.ahead(timedelta(hours=9)).detail,
            "Die Uhr des Geräts geht 9 Stunden vor. Seine Messungen werden gespeichert und gekennzeichnet, aber nicht "
            "als neueste angezeigt. Stellen Sie Uhr und Zeitzone des Geräts ein.",
        ),
        (
            clock_notes.not_set("2000-01-01").detail,
            "Es hat 2000-01-01 gesendet: Seine Uhr ist nicht gestellt. Messungen werden auf ihre Ankunft datiert.",
        ),
        (
            not_understood("em:0", {"a": 1}).detail,
            "em:0 ist nicht bekannt und wurde nicht gespeichert: {'a': 1}. Falls es einen Messwert enthält, melden Sie "
            "es.",
        ),
        (
            unknown_topic("tele/x", "Tasmota").detail,
            "An tele/x ist keine Nachricht von Tasmota bekannt; sie wurde nicht gespeichert. docs/doors/mqtt.md führt "
            "auf, was gelesen wird.",
        ),
    ],
)
def test_a_detail_is_translated_with_its_values(detail: str, german: str) -> None:
    with translation.override("de"):
        assert detail_in_words(detail) == german
    assert detail_in_words(detail) == detail


def test_two_values_of_one_instant_are_named_in_german() -> None:
    _, _, [one] = check_values({f"q{number}": number for number in range(502)})  # type: ignore[misc]  # refusals
    with translation.override("de"):
        assert detail_in_words(one.detail).startswith("von 502 Messgrößen in einer Messung werden die ersten 500")


def test_a_text_that_is_not_known_stays() -> None:
    with translation.override("de"):
        assert detail_in_words("The codec of the owner failed.") == "The codec of the owner failed."
        assert detail_in_words("") == ""


def test_the_sentences_of_error_codes_stay_english_without_a_language() -> None:
    message = ERRORS["out_of_range"].message
    assert detail_in_words(message) == message

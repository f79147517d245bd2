"""What is wrong with the settings of a poll, in German."""

import pytest
from django.utils import translation

from sensorfusion.ingest.polling.headers import BadHeaders, parse_headers
from sensorfusion.ingest.polling.mapping import BadMapping, parse_fields
from sensorfusion.ingest.polling.words import settings_in_words


def trouble_of_fields(text: str) -> str:
    with pytest.raises(BadMapping) as raised:
        parse_fields(text)
    return str(raised.value)


def trouble_of_headers(text: str) -> str:
    with pytest.raises(BadHeaders) as raised:
        parse_headers(text)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "german"),
    [
        (
            trouble_of_fields("temperature"),
            "Zeile 1: temperature hat nicht die Form: temperature = $.main.temp °C.",
        ),
        (
            trouble_of_fields("temperature = $.a\ntemperature = $.b"),
            "Zeile 2: temperature ist schon zugeordnet.",
        ),
        (
            trouble_of_fields("temperature = $.a hPa"),
            "Zeile 1: temperature wird in Cel gespeichert: hPa ist eine Einheit für pressure, Cel für temperature.",
        ),
        (
            trouble_of_headers("X-API-Key"),
            "Zeile 1 hat nicht die Form X-API-Key: 0123abc, in reinem ASCII.",
        ),
        (trouble_of_headers("Host: example.org"), "Zeile 1: Host legt der Server fest."),
    ],
)
def test_what_is_wrong_is_translated_with_its_line(text: str, german: str) -> None:
    with translation.override("de"):
        assert settings_in_words(text) == german
    assert settings_in_words(text) == text

"""What was wrong with a poll, in German: the poller stores it in English."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from sensorfusion.ingest.polling.answer import NotUnderstood, understand
from sensorfusion.ingest.polling.mapping import parse_fields
from sensorfusion.ingest.polling.paths import parse
from sensorfusion.sensors.models import Poll
from sensorfusion.sensors.polls.services import status_of
from sensorfusion.sensors.polls.troubles import trouble_in_words

NOW = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
FIELDS = parse_fields("temperature = $.t °C\nhumidity = $.h %")


def trouble(body: bytes, time_path: str = "") -> str:
    path = parse(time_path) if time_path else None
    with pytest.raises(NotUnderstood) as raised:
        understand(body, fields=FIELDS, time_path=path, received_at=NOW)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("no answer within 10 s", "keine Antwort innerhalb von 10 s"),
        ("it answers 503", "die Antwort ist 503"),
        (
            "it answers 401: it requires a key or password, or another one",
            "die Antwort ist 401: Ein Schlüssel oder Passwort fehlt oder ist falsch",
        ),
        (trouble(b'{"x": 1}'), "nichts in der Antwort ist verwendbar; temperature: in der Antwort gibt es kein $.t"),
        (trouble(b'{"t": "warm"}'), "nichts in der Antwort ist verwendbar; temperature: 'warm' ist keine Zahl"),
        (
            trouble(b'{"t": 1, "at": "2026-11-22T06:00:00"}', "$.at"),
            "die Zeit der Antwort ist nicht verwendbar: '2026-11-22T06:00:00' hat keine Zeitzone: Fügen Sie Z oder "
            "eine Abweichung wie +01:00 an",
        ),
    ],
)
def test_a_trouble_is_translated_with_its_values(text: str, german: str) -> None:
    with translation.override("de"):
        assert trouble_in_words(text) == german
    assert trouble_in_words(text) == text


def test_what_was_left_out_is_translated_for_each_quantity() -> None:
    understood = understand(b'{"t": 21, "h": "wet"}', fields=FIELDS, time_path=None, received_at=NOW)
    with translation.override("de"):
        assert trouble_in_words(understood.problems) == "humidity: 'wet' ist keine Zahl"


def test_the_status_of_a_poll_is_one_german_sentence() -> None:
    poll = Poll(
        answered_at=datetime(2026, 11, 22, 11, 0, tzinfo=UTC),
        failing_since=datetime(2026, 11, 22, 11, 5, tzinfo=UTC),
        trouble="connection refused",
        next_at=datetime(2026, 11, 22, 12, 15, tzinfo=UTC),
    )
    with translation.override("de"):
        said = status_of(poll, time_zone="UTC", now=NOW)
    assert said == (
        "Zuletzt beantwortet 11:00; schlägt fehl seit 11:05: Verbindung abgelehnt; nächster Versuch in 5 min."
    )

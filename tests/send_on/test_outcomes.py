"""What came of sending on is stored in English, and shown in the reader's language, part by part."""

import pytest
from django.utils import translation

from sensorfusion.send_on.outcomes import REFUSED, in_words


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        ("temperature: flagged bad; wind_gust: excluded",
         "temperature: als unplausibel markiert; wind_gust: ausgeschlossen"),
        ("humidity: flagged suspect; refused there: 3, such as too old",
         "humidity: als zweifelhaft markiert; dort abgelehnt: 3, zum Beispiel too old"),
        ("the newest reading is 45 min old; Windy takes none older than 30 min",
         "die neueste Messung ist 45 min alt; Windy nimmt keine an, die älter ist als 30 min"),
        ("the newest reading is 40 days old; openSenseMap takes none older than 30 days",
         "die neueste Messung ist 40 Tage alt; openSenseMap nimmt keine an, die älter ist als 30 Tage"),
        (REFUSED.format(count=7, why="it answers 400"),
         "7 Messungen, die jedes Mal abgelehnt wurden: die Antwort ist 400"),
        ("it does not accept the passcode of DW1234", "der Passcode von DW1234 wird nicht angenommen"),
        ("it answers “ERROR: no station”", "die Antwort ist „ERROR: no station“"),
    ],
)  # fmt: skip
def test_stored_outcome_is_translated_when_it_is_shown(stored: str, german: str) -> None:
    assert in_words(stored) == stored
    with translation.override("de"):
        assert in_words(stored) == german

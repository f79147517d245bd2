"""What is said of a file import, in German: reasons are made and stored in English."""

import pytest
from django.utils import translation

from sensorfusion.ingest.files.mappings import zone
from sensorfusion.ingest.files.reasons.words import example_in_words, in_words, kind_in_words
from sensorfusion.ingest.files.rows import BadPlan, Column, Plan, Rows, column_of


def trouble_of_column(text: str) -> str:
    with pytest.raises(BadPlan) as raised:
        column_of(text)
    return str(raised.value).partition(": ")[2]


def trouble_of_header(header: list[str], *, column: str) -> str:
    with pytest.raises(BadPlan) as raised:
        Rows(Plan(columns=(Column(column, "temperature"),), time_column="time"), header)
    return str(raised.value)


def trouble_of_zone(name: str) -> str:
    with pytest.raises(BadPlan) as raised:
        zone(name)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "german"),
    [
        (
            trouble_of_header(["time", "t"], column="temp"),
            "Die Spalte 'temp' ist nicht in der Datei. Die Spalten sind: time, t",
        ),
        (
            trouble_of_column("x=temperature:hPa"),
            "temperature wird in Cel gespeichert, und hPa ist eine Einheit für pressure, Cel für temperature",
        ),
        (
            trouble_of_zone("Berlin/Berlin"),
            "Es gibt keine Zeitzone 'Berlin/Berlin': Verwenden Sie einen Namen wie Europe/Berlin oder UTC+02:00.",
        ),
        ("temperature: 'warm' is not a number", "temperature: 'warm' ist keine Zahl"),
        ("the line has 3 columns where the header has 4", "die Zeile hat 3 Spalten, der Kopf aber 4"),
    ],
)
def test_a_reason_is_translated_with_its_values(text: str, german: str) -> None:
    with translation.override("de"):
        assert in_words(text) == german
    assert in_words(text) == text


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        ("line 1,204: temperature: 'warm' is not a number", "Zeile 1,204: temperature: 'warm' ist keine Zahl"),
        (
            "line 7: of the rows from here on: the reading has no values",
            "Zeile 7: von den Zeilen ab hier: die Messung hat keine Werte",
        ),
    ],
)
def test_a_stored_example_is_translated_with_its_line(stored: str, german: str) -> None:
    with translation.override("de"):
        assert example_in_words(stored) == german
    assert example_in_words(stored) == stored


def test_kinds_of_files_are_named_in_german() -> None:
    with translation.override("de"):
        assert kind_in_words("Home Assistant's history") == "der Verlauf von Home Assistant"
        assert kind_in_words("GHCN-Daily") == "GHCN-Daily"
        assert kind_in_words("") == ""

"""Sentences about what is shared, as German readers expect them."""

import pytest
from django.utils.translation import override

from sensorfusion.domain.liveness import State
from sensorfusion.sharing.models import Grid, History
from sensorfusion.sharing.words import history_inside, place_inside, states_told


@pytest.mark.parametrize(
    ("states", "english", "german"),
    [
        (["live"], "1 sensor, reporting", "1 Sensor, meldet sich"),
        (["live", "live"], "2 sensors, all reporting", "2 Sensoren, alle melden sich"),
    ],
)
def test_states_of_a_page_are_summed_up(states: list[State], english: str, german: str) -> None:
    assert states_told(states) == english
    with override("de"):
        assert states_told(states) == german


def test_sensors_that_do_not_report_are_counted_by_their_states() -> None:
    assert states_told(["live", "late", "offline", "offline"]) == "4 sensors, 2 without data and 1 late"


def test_ranges_and_places_stand_inside_a_sentence() -> None:
    with override("de"):
        told = [history_inside(History.YEAR), place_inside(Grid.HIDDEN), place_inside(Grid.WIDE)]

    assert told == ["das letzte Jahr", "keinen Ort", "den Ort auf etwa 100 km"]

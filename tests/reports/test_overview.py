"""The sentence above all sensors."""

import pytest
from django.utils import translation

from sensorfusion.domain.liveness import State
from sensorfusion.reports.overview import summary


@pytest.mark.parametrize(
    ("states", "sites", "english", "german"),
    [
        (["live"], 1, "1 sensor at 1 site, reporting", "1 Sensor an 1 Standort, meldet sich"),
        (["live", "live"], 2, "2 sensors at 2 sites, all reporting", "2 Sensoren an 2 Standorten, alle melden sich"),
        (
            ["offline", "live", "late", "pending", "paused", "paused"],
            1,
            "6 sensors at 1 site, 1 without data, 1 late, 1 waiting for a first reading and 2 paused",
            "6 Sensoren an 1 Standort, 1 ohne Daten, 1 verspätet, 1 noch ohne Messung und 2 angehalten",
        ),
    ],
)
def test_all_sensors_are_told_in_one_sentence(states: list[State], sites: int, english: str, german: str) -> None:
    assert summary(states, sites) == english
    with translation.override("de"):
        assert summary(states, sites) == german

"""What the reports of a sensor are about."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.documents.states.told import Told, told_beside, told_of
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.reports.queries import Station, stations
from sensorfusion.web.looks import looks
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def station_of(cast: Cast, values: Mapping[str, Any]) -> Station:
    store(cast.sensor, [(NOON, values)])
    (station,) = stations([cast.sensor], now=NOON + timedelta(minutes=1))
    return station


@pytest.mark.django_db
def test_a_door_with_a_battery_is_about_the_door(cast: Cast) -> None:
    station = station_of(cast, {"door_open": False, "battery_voltage": 3.0})

    told = told_of(station)

    assert told
    assert (told.name, told.no, told.yes, told.states([])) == ("door_open", "closed", "open", ["true"])


@pytest.mark.django_db
def test_a_freezer_is_about_its_temperature_and_tells_its_door_first(cast: Cast) -> None:
    station = station_of(cast, {"freezer_temperature": -18.0, "compressor": True, "door_open": False, "mode": "cool"})

    assert told_of(station) is None
    assert [told.name for told in told_beside(station)] == ["door_open", "compressor"]


@pytest.mark.django_db
def test_a_weather_station_tells_no_states(cast: Cast) -> None:
    assert told_beside(station_of(cast, {"temperature": 4.0, "rain": 0.0, "forecast": "fair"})) == []


@pytest.mark.django_db
def test_a_mode_alone_is_what_reports_are_about(cast: Cast) -> None:
    told = told_of(station_of(cast, {"mode": "idle"}))

    assert told
    assert (told.name, told.is_boolean) == ("mode", False)


def test_the_states_of_a_text_are_those_of_the_longest_times() -> None:
    spans = [Span(state, 0, length) for state, length in zip("abcdef", (1, 60, 20, 30, 5, 50), strict=True)]

    assert Told("mode", looks("mode")).states(spans) == ["b", "f", "d", "c"]

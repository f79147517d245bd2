"""Suggestions from a site's own quantities and their extremes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sensorfusion.alerts.showing.suggestions import extremes, suggestions
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def loaded(sensor: Sensor) -> Sensor:
    return Sensor.objects.select_related("state", "site").get(pk=sensor.pk)


def test_extremes_are_those_of_a_month(cast: Cast) -> None:
    now = timezone.now()
    store(cast.sensor, [(now - timedelta(days=40), {"co2": 9000.0}), (now - MINUTE, {"co2": 600.0})])

    assert extremes(loaded(cast.sensor), now=now) == {"co2": (600.0, 600.0)}


def test_what_matters_most_comes_first_and_says_how_often_it_would_have_fired(cast: Cast) -> None:
    now = timezone.now()
    rows = [
        (at, {"temperature": -20.0, "battery": 10.0 if n > 40 else 50.0, "humidity": 60.0})
        for n, at in enumerate(every(3600, 48, until=now - MINUTE))
    ]
    store(cast.sensor, rows)

    found = suggestions([loaded(cast.sensor)], system="metric", now=now)

    assert [(each.rule.quantity, each.fired) for each in found] == [("temperature", 0), ("battery", 1), ("", 0)]
    assert found[0].form["high"] == -18.0


def test_sensor_without_readings_is_watched_for_its_silence_only(cast: Cast) -> None:
    found = suggestions([loaded(cast.sensor)], system="metric", now=timezone.now())

    assert [each.words for each in found] == ["No data for five times its usual interval"]

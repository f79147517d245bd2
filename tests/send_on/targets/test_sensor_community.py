"""sensor.community: a request for each pin as its wiki has it, and a reader of these."""

import json

import pytest

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.sensor_community import TARGET
from sensorfusion.send_on.targets.target import Sample
from tests.send_on.conftest import ACCOUNTS, sample


def asked(one: Sample) -> list[Request]:
    found = TARGET.write([one], ACCOUNTS["sensor-community"])
    return [each for each in found if isinstance(each, Request)]


def test_requests_are_as_they_are_documented() -> None:
    particles, weather = asked(sample(pm10=18.25, pm2_5=7.5))

    for request, pin in ((particles, "1"), (weather, "11")):
        assert (request.method, request.url) == ("POST", "https://api.sensor.community/v1/push-sensor-data/")
        assert request.headers == {"Content-Type": "application/json", "X-Pin": pin, "X-Sensor": "esp32-12345678"}
    assert json.loads(particles.body) == {
        "software_version": "SensorFusion",
        "sensordatavalues": [{"value_type": "P1", "value": "18.25"}, {"value_type": "P2", "value": "7.50"}],
    }
    assert json.loads(weather.body) == {
        "software_version": "SensorFusion",
        "sensordatavalues": [
            {"value_type": "temperature", "value": "20.50"},
            {"value_type": "humidity", "value": "55.00"},
            {"value_type": "pressure", "value": "100000.00"},
        ],
    }


def test_pin_without_values_is_not_sent() -> None:
    [request] = asked(sample())

    assert request.headers["X-Pin"] == "11"


def test_a_parser_of_the_documentation_reads_what_is_sent() -> None:
    """In the units of the devices: µg/m³ for P1 (PM10) and P2 (PM2.5), °C, %, and Pa at the station."""
    one = sample(pm10=18.25, pm2_5=7.5)
    found = {
        (request.headers["X-Pin"], each["value_type"]): float(each["value"])
        for request in asked(one)
        for each in json.loads(request.body)["sensordatavalues"]
    }

    assert found.pop(("11", "pressure")) / 100 == pytest.approx(one.number("pressure"))
    names = {"P1": "pm10", "P2": "pm2_5", "temperature": "temperature", "humidity": "humidity"}
    assert {names[name]: value for (_, name), value in found.items()} == {
        name: one.number(name) for name in names.values()
    }

"""Windy: the request as its API reference has it, and a reader of these fields."""

from datetime import datetime

import pytest

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.windy import TARGET
from tests.send_on.conftest import ACCOUNTS, sample
from tests.send_on.targets.asking import asked


def test_request_is_as_it_is_documented() -> None:
    assert asked(TARGET, sample()) == (
        "GET",
        "https://stations.windy.com/api/v2/observation/update",
        {
            "id": "f07f453a",
            "time": "2026-11-22T06:00:00Z",
            "softwaretype": "SensorFusion",
            "temp": "20.5",
            "dewpoint": "11.1",
            "humidity": "55",
            "wind": "4.5",
            "gust": "8.9",
            "winddir": "270",
            "pressure": "101325",
            "precip": "2.54",
            "uv": "4.2",
            "solarradiation": "640",
        },
    )


def test_password_is_in_a_header_and_not_in_the_address() -> None:
    [request] = TARGET.write([sample()], ACCOUNTS["windy"])

    assert isinstance(request, Request)
    assert request.headers == {"Authorization": "Bearer s3cret.pass"}
    assert "s3cret" not in request.url


def test_what_is_not_measured_is_not_sent() -> None:
    _, _, fields = asked(TARGET, sample(dew_point=None, sea_level_pressure=None, rain_1h=None))

    assert {"dewpoint", "pressure", "precip"}.isdisjoint(fields)


def test_a_parser_of_the_documentation_reads_what_is_sent() -> None:
    """In the units of the reference: °C, m/s, degrees, %, Pa, mm of the past hour, W/m²."""
    _, _, fields = asked(TARGET, sample())
    one = sample()

    assert datetime.fromisoformat(fields["time"]) == one.observed_at
    assert float(fields["temp"]) == one.number("temperature")
    assert float(fields["dewpoint"]) == one.number("dew_point")
    assert float(fields["wind"]) == pytest.approx(one.number("wind_speed"), abs=0.05)
    assert float(fields["gust"]) == pytest.approx(one.number("wind_gust"), abs=0.05)
    assert float(fields["pressure"]) / 100 == one.number("sea_level_pressure")
    assert float(fields["precip"]) == one.number("rain_1h")
    assert float(fields["solarradiation"]) == one.number("solar_radiation")

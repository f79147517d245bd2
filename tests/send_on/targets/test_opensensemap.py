"""openSenseMap: the list of measurements as its API has it, a reader of that, and the lines of sensors."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.opensensemap import BATCH, SENSORS_MOST, TARGET, columns_of
from sensorfusion.send_on.targets.target import Column, Sample
from sensorfusion.sensors.models import Sensor
from tests.send_on.conftest import ACCOUNTS, sample

ACCOUNT = ACCOUNTS["opensensemap"]
FIRST, SECOND, THIRD = (f"5f2b56f4263635001c1dd1f{number}" for number in (1, 2, 3))


def asked(*samples: Sample, account: dict[str, str] = ACCOUNT) -> tuple[Request, list[dict[str, str]]]:
    [request] = TARGET.write(samples, account)
    assert isinstance(request, Request)
    return request, json.loads(request.body)


def with_lines(lines: str) -> dict[str, str]:
    return {**ACCOUNT, "sensors": lines}


def test_request_is_as_it_is_documented() -> None:
    request, measurements = asked(sample())

    assert (request.method, request.url) == ("POST", "https://api.opensensemap.org/boxes/5f2b56f4263635001c1dd1f0/data")
    assert request.headers == {"Content-Type": "application/json", "Authorization": "s3cretpass"}
    assert measurements == [
        {"sensor": FIRST, "value": "20.50", "createdAt": "2026-11-22T06:00:00Z"},
        {"sensor": SECOND, "value": "100000.00", "createdAt": "2026-11-22T06:00:00Z"},
        {"sensor": THIRD, "value": "55.00", "createdAt": "2026-11-22T06:00:00Z"},
    ]


def test_box_that_asks_for_no_token_gets_none() -> None:
    request, _ = asked(sample(), account={name: text for name, text in ACCOUNT.items() if name != "token"})

    assert "Authorization" not in request.headers


def test_missed_readings_are_measurements_of_one_request_that_the_box_takes_at_once() -> None:
    samples = [replace(sample(), observed_at=sample().observed_at + timedelta(minutes=n)) for n in range(BATCH)]
    _, measurements = asked(*samples)

    assert len({each["createdAt"] for each in measurements}) == BATCH
    assert BATCH * SENSORS_MOST <= 2500  # by the API's documentation


def test_a_parser_of_the_documentation_reads_what_is_sent() -> None:
    """Each has a sensor, a value as text and an instant of RFC 3339; units are those of the box's sensors."""
    _, measurements = asked(sample())
    found = {each["sensor"]: float(each["value"]) for each in measurements}

    assert found[FIRST] == sample().number("temperature")
    assert found[SECOND] / 100 == sample().number("pressure")
    assert found[THIRD] == sample().number("humidity")
    assert {datetime.fromisoformat(each["createdAt"]) for each in measurements} == {sample().observed_at}


def test_lines_name_a_quantity_a_sensor_and_its_unit_if_it_is_another_one() -> None:
    lines = f"\n temperature:a2 = {FIRST} °F \r\nrain_midnight={SECOND}\n"

    assert columns_of(with_lines(lines)) == (
        Column("temperature:a2", FIRST, "[degF]", 2),
        Column("rain_midnight", SECOND, "mm", 2),
    )


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (" \n", "Name a sensor for at least one quantity."),
        ("temperature", "“temperature” is not a quantity, = and the ID of a sensor."),
        ("temperature = 12", "“temperature = 12” is not a quantity, = and the ID of a sensor."),
        (f"warmth = {FIRST}", "“warmth” is no number that the list of quantities has."),
        (f"condition = {FIRST}", "“condition” is no number that the list of quantities has."),
        (f"rain = {FIRST}", "rain is an amount since the reading before, and not every reading is sent: take rain_1h."),
        (f"pressure = {FIRST} °C", "pressure: Cel is a unit of temperature, hPa of pressure."),
        (f"temperature = {FIRST}\nhumidity = {FIRST}", "Two lines name the same sensor."),
        (f"temperature = {FIRST}\ntemperature = {SECOND}", "Two lines name the same quantity."),
        ("\n".join(f"temperature:a{n} = {n:024d}" for n in range(26)), "A box has at most 25 sensors here."),
    ],
)
def test_lines_that_cannot_be_used_say_why(lines: str, why: str) -> None:
    assert TARGET.mistake(with_lines(lines), Sensor()) == why


def test_account_says_what_is_derived_and_summed_for_it() -> None:
    lines = f"dew_point = {FIRST}\nrain_24h = {SECOND}"
    target = TARGET.suited(TARGET, with_lines(lines))

    assert (target.derives, target.rain) == (("dew_point",), ("rain_24h",))
    assert [each.quantity for each in target.columns] == ["dew_point", "rain_24h"]

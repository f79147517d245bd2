"""CWOP: packets as the APRS reference has them, read by aprslib; the login; and an APRS server over TCP."""

from dataclasses import replace

import aprslib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.weather.derivation import Place
from sensorfusion.send_on.targets.cwop import TARGET, packet
from sensorfusion.send_on.targets.target import Lines
from tests.conftest import Cast
from tests.send_on.conftest import ACCOUNTS, sample

COMMENT = ".sensorfusion"  # aprslib takes the first s for a field of its own, in capitals


def test_packet_is_as_the_reference_has_it() -> None:
    assert packet(sample(), "DW1234") == (
        "DW1234>APRS,TCPIP*:@220600z5214.40N/02100.60E_270/010g020t069r010p050P020h55b10134L640.SensorFusion"
    )


def test_login_is_that_of_a_station_without_a_call_sign() -> None:
    [lines] = TARGET.write([sample()], ACCOUNTS["cwop"])

    assert isinstance(lines, Lines)
    assert (lines.host, lines.port) == ("cwop.aprs.net", 14580)
    assert lines.login == "user DW1234 pass -1 vers SensorFusion 1"


def test_call_sign_logs_in_with_its_passcode() -> None:
    [lines] = TARGET.write([sample()], {"station": "n0call-13", "passcode": "13023"})

    assert isinstance(lines, Lines)
    assert lines.login.startswith("user N0CALL-13 pass 13023 ")
    assert "13023" not in repr(lines)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("# logresp DW1234 unverified, server T2TEST", ""),
        ("# logresp N0CALL verified, server T2TEST", ""),
        ("# logresp N0CALL unverified, server T2TEST", "it does not accept the passcode of N0CALL"),
    ],
)
def test_packets_of_a_call_sign_are_only_taken_with_its_passcode(answer: str, why: str) -> None:
    assert TARGET.refusal(answer) == why


def test_what_is_not_measured_has_dots_or_no_field() -> None:
    some = replace(sample(), values={"humidity": 40.0})

    assert packet(some, "DW1234").endswith("_.../...g...t...h40.SensorFusion")


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ({"temperature": -20.0}, "t-04"),
        ({"temperature": -17.9}, "t000"),
        ({"humidity": 100.0}, "h00"),
        ({"humidity": 0.0}, "h01"),  # 00 would be 100 %
        ({"wind_direction": 0.0}, "_360/"),  # 000 is an unknown direction
        ({"solar_radiation": 1_234.0}, "l234"),
        ({"solar_radiation": -2.0}, "b10134."),
        ({"altimeter_setting": 998.04}, "b09980"),
    ],
)
def test_places_at_their_limits(values: dict[str, float], written: str) -> None:
    assert written in packet(sample(**values), "DW1234")


@given(
    temperature=st.floats(-60, 60),
    wind=st.floats(0, 80),
    direction=st.floats(0, 360),
    rain=st.floats(0, 200),
    humidity=st.floats(1, 100),
    pressure=st.floats(870, 1085),
    latitude=st.floats(-89.99, 89.99),
    longitude=st.floats(-179.99, 179.99),
)
def test_aprslib_reads_what_was_measured(
    temperature: float, wind: float, direction: float, rain: float, humidity: float, pressure: float, latitude: float,
    longitude: float,
) -> None:  # fmt: skip
    values = {"temperature": temperature, "wind_speed": wind, "wind_gust": wind, "wind_direction": direction}
    more = {"humidity": humidity, "altimeter_setting": pressure, "rain_1h": rain, "rain_24h": rain}
    place = Place(latitude, longitude, 0.0)
    read = aprslib.parse(packet(replace(sample(**values, **more, rain_midnight=rain), place=place), "DW1234"))

    weather = read["weather"]
    assert (read["from"], read["format"], read["symbol"], read["comment"].casefold()) == (
        "DW1234",
        "uncompressed",
        "_",
        COMMENT,
    )
    assert read["latitude"] == pytest.approx(latitude, abs=0.0001)
    assert read["longitude"] == pytest.approx(longitude, abs=0.0001)
    assert weather["temperature"] == pytest.approx(temperature, abs=0.2781)  # half a degree Fahrenheit
    # The wind stands where other packets have their course and speed, which aprslib takes for knots, in km/h.
    assert read.get("speed", 0) / 1.852 * 0.44704 == pytest.approx(wind, abs=0.2236)  # half a mile an hour
    assert weather["wind_gust"] == pytest.approx(wind, abs=0.2236)
    assert 1 <= read["course"] <= 360
    assert abs((read["course"] - direction + 180) % 360 - 180) <= 0.5 + 1e-6
    assert weather["humidity"] == pytest.approx(humidity, abs=0.5)
    assert weather["pressure"] == pytest.approx(pressure, abs=0.0501)
    for name in ("rain_1h", "rain_24h", "rain_since_midnight"):
        assert weather[name] == pytest.approx(rain, abs=0.1271)  # half a hundredth of an inch


@pytest.mark.django_db
def test_station_without_a_place_is_asked_for_it(cast: Cast) -> None:
    assert TARGET.mistake(ACCOUNTS["cwop"], cast.sensor) == ""
    assert TARGET.mistake(ACCOUNTS["cwop"], cast.other_sensor).startswith("A packet says where the station is.")

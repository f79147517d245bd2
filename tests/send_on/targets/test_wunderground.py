"""Weather Underground: the request as the protocol has it, what it answers, and our own door as its reader."""

import pytest

from sensorfusion.send_on.targets.wunderground import TARGET
from tests.ingest.conftest import stored
from tests.ingest.doors.conftest import Site
from tests.send_on.conftest import ACCOUNTS, sample
from tests.send_on.targets.asking import asked, path_and_query

ACCOUNT = ACCOUNTS["wunderground"]


def test_request_is_as_the_protocol_has_it() -> None:
    assert asked(TARGET, sample()) == (
        "GET",
        "https://weatherstation.wunderground.com/weatherstation/updateweatherstation.php",
        {
            "action": "updateraw",
            "ID": "KTEST1",
            "PASSWORD": "s3cret&pass",
            "dateutc": "2026-11-22 06:00:00",
            "softwaretype": "SensorFusion",
            "tempf": "68.9",
            "humidity": "55",
            "dewptf": "52.0",
            "baromin": "29.921",
            "winddir": "270",
            "windspeedmph": "10.0",
            "windgustmph": "20.0",
            "windgustdir": "280",
            "rainin": "0.100",
            "dailyrainin": "0.200",
            "solarradiation": "640.0",
            "UV": "4.2",
        },
    )


def test_what_is_not_measured_is_not_sent() -> None:
    _, _, fields = asked(TARGET, sample(humidity=None, dew_point=None, rain_1h=None))

    assert {"humidity", "dewptf", "rainin"}.isdisjoint(fields)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("success\n", ""),
        ("INVALIDPASSWORDID|Password or key and/or id are incorrect", "it does not know this station ID with this key"),
        ("<html>maintenance", "it answers “<html>maintenance”"),
        ("", "it answers “”"),
    ],
)
def test_answer_says_whether_it_was_taken_whatever_its_status(answer: str, why: str) -> None:
    assert TARGET.refusal(answer) == why


@pytest.mark.django_db(transaction=True)
async def test_our_door_reads_what_is_sent(site: Site) -> None:
    [request] = TARGET.write([sample()], {**ACCOUNT, "key": site.key})
    answer = await site.client.get(path_and_query(request))

    assert TARGET.refusal(answer.text) == ""
    assert stored() == [
        {
            "temperature": pytest.approx(20.5, abs=0.03),
            "humidity": 55,
            "dew_point": pytest.approx(11.1, abs=0.03),
            "sea_level_pressure": pytest.approx(1013.25, abs=0.02),
            "wind_direction": 270,
            "wind_speed": pytest.approx(4.4704, abs=0.03),
            "wind_gust": pytest.approx(8.9408, abs=0.03),
            "wind_gust_direction": 280,
            "rain_1h": pytest.approx(2.54, abs=0.01),
            "rain_day": pytest.approx(5.08, abs=0.01),
            "solar_radiation": 640,
            "uv_index": 4.2,
        }
    ]

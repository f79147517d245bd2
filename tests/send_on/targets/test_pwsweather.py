"""PWSweather: the request as it is documented, what it answers, and our own door as its reader."""

import pytest

from sensorfusion.send_on.targets.pwsweather import TARGET
from tests.ingest.conftest import stored
from tests.ingest.doors.conftest import Site
from tests.send_on.conftest import ACCOUNTS, sample
from tests.send_on.targets.asking import asked, path_and_query

ACCOUNT = ACCOUNTS["pwsweather"]


def test_request_is_as_it_is_documented() -> None:
    assert asked(TARGET, sample()) == (
        "GET",
        "https://pwsupdate.pwsweather.com/api/v1/submitwx",
        {
            "action": "updateraw",
            "ID": "TESTPWS",
            "PASSWORD": "s3cret+pass",
            "dateutc": "2026-11-22 06:00:00",
            "softwaretype": "SensorFusion",
            "tempf": "68.9",
            "humidity": "55",
            "dewptf": "52.0",
            "baromin": "29.921",
            "winddir": "270",
            "windspeedmph": "10.0",
            "windgustmph": "20.0",
            "rainin": "0.100",
            "dailyrainin": "0.200",
            "solarradiation": "640.0",
            "UV": "4.2",
        },
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ('{"success":true,"error":null}', ""),
        ("<html>\nData Logged and posted in METAR mirror.\n</html>", ""),
        ("<html>\nERROR: Not a known Station ID</html>", "it answers “ERROR: Not a known Station ID</html>”"),
        ("INVALIDPASSWORDID|Password", "it answers “INVALIDPASSWORDID|Password”"),
    ],
)
def test_answer_says_whether_it_was_taken(answer: str, why: str) -> None:
    assert TARGET.refusal(answer) == why


@pytest.mark.django_db(transaction=True)
async def test_our_door_reads_what_is_sent(site: Site) -> None:
    [request] = TARGET.write([sample()], {**ACCOUNT, "key": site.key})
    answer = await site.client.get(path_and_query(request))

    assert (answer.status_code, TARGET.refusal(answer.text)) == (200, "")
    assert stored() == [
        {
            "temperature": pytest.approx(20.5, abs=0.03),
            "humidity": 55,
            "dew_point": pytest.approx(11.1, abs=0.03),
            "sea_level_pressure": pytest.approx(1013.25, abs=0.02),
            "wind_direction": 270,
            "wind_speed": pytest.approx(4.4704, abs=0.03),
            "wind_gust": pytest.approx(8.9408, abs=0.03),
            "rain_1h": pytest.approx(2.54, abs=0.01),
            "rain_day": pytest.approx(5.08, abs=0.01),
            "solar_radiation": 640,
            "uv_index": 4.2,
        }
    ]

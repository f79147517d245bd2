"""The Met Office's WOW: the request as it is documented, and our own door as its reader."""

import pytest

from sensorfusion.send_on.targets.wow import TARGET
from tests.ingest.conftest import stored
from tests.ingest.doors.conftest import Site
from tests.send_on.conftest import ACCOUNTS, sample
from tests.send_on.targets.asking import asked, path_and_query

ACCOUNT = ACCOUNTS["wow"]


def test_request_is_as_it_is_documented() -> None:
    assert asked(TARGET, sample(visibility=12_340.0, soil_temperature=10.0)) == (
        "GET",
        "https://wow.metoffice.gov.uk/automaticreading",
        {
            "siteid": "917006001",
            "siteAuthenticationKey": "123456",
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
            "dailyrainin": "0.200",
            "soiltempf": "50.0",
            "visibility": "12.34",
        },
    )


def test_blanks_of_the_date_are_written_as_the_documentation_asks() -> None:
    [request] = TARGET.write([sample()], ACCOUNT)

    assert "dateutc=2026-11-22%2006%3A00%3A00&" in path_and_query(request)


def test_rain_of_the_hour_is_not_sent_as_rain_since_the_observation_before() -> None:
    _, _, fields = asked(TARGET, sample())

    assert "rainin" not in fields


@pytest.mark.django_db(transaction=True)
async def test_our_door_reads_what_is_sent(site: Site) -> None:
    [request] = TARGET.write([sample(visibility=12_340.0)], {**ACCOUNT, "key": site.key})
    answer = await site.client.get(path_and_query(request))

    assert answer.status_code == 200
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
            "rain_day": pytest.approx(5.08, abs=0.01),
            "visibility": 12_340,
        }
    ]

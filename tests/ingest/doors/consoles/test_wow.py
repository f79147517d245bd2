"""The protocols of the Met Office's and Belgium's WOW, and of PWSweather: fields look alike, and differ in meaning."""

import pytest

from tests.ingest.conftest import change, stored
from tests.ingest.doors.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = {"dateutc": "2026-11-20 06:08:00", "baromin": "29.9", "tempf": "32.6", "humidity": "80", "rainin": "0.10"}
MEASURED = {
    "sea_level_pressure": pytest.approx(1012.5302, abs=1e-4),
    "temperature": pytest.approx(0.3333, abs=1e-4),
    "humidity": 80,
    "rain": 2.54,
}
HOURLY = {name: value for name, value in MEASURED.items() if name != "rain"} | {"rain_1h": 2.54}


@pytest.mark.parametrize("path", ["/automaticreading", "/automaticreading/", "/api/v2/send", "/api/v2/send/"])
async def test_wow_is_known_by_its_authentication_key(site: Site, path: str) -> None:
    answer = await site.get(path, siteid="917006001", siteAuthenticationKey=site.key, **FIELDS)

    assert (answer.status_code, answer.text) == (200, "OK\n")
    assert stored() == [MEASURED]


async def test_belgiums_wow_tells_two_pressures_apart(site: Site) -> None:
    fields = FIELDS | {"absbaromin": "29.5", "solarradiation": "120"}
    await site.get("/api/v2/send", siteid="x", siteAuthenticationKey=site.key, **fields)

    assert stored() == [{**MEASURED, "pressure": pytest.approx(998.9847, abs=1e-4), "solar_radiation": 120}]


async def test_wow_measures_visibility_in_kilometres(site: Site) -> None:
    await site.get("/automaticreading", siteid="x", siteAuthenticationKey=site.key, **FIELDS, visibility="10")

    assert stored() == [{**MEASURED, "visibility": 10_000}]


async def test_weather_underground_measures_visibility_in_nautical_miles(site: Site) -> None:
    path = "/weatherstation/updateweatherstation.php"
    await site.get(path, ID="x", PASSWORD=site.key, **FIELDS, visibility="10")

    assert stored() == [{**HOURLY, "visibility": 18_520}]


@pytest.mark.parametrize("program", ["weewx-5.1.0", "Cumulus v4.6.0"])
async def test_programs_that_send_wow_the_rain_of_an_hour_are_read_so(site: Site, program: str) -> None:
    fields = FIELDS | {"softwaretype": program}
    await site.get("/automaticreading", siteid="x", siteAuthenticationKey=site.key, **fields)

    assert stored() == [HOURLY]


async def test_key_in_the_path_leaves_wow_its_own_fields(site: Site) -> None:
    await site.get(f"/in/{site.key}/automaticreading", siteid="917006001", **FIELDS)

    assert stored() == [MEASURED]


async def test_pwsweather_has_the_rain_of_the_month_and_the_year(site: Site) -> None:
    fields = FIELDS | {"monthrainin": "1.00", "yearrainin": "10.00"}
    await site.get("/pwsupdate/pwsupdate.php", ID="x", PASSWORD=site.key, **fields)

    assert stored() == [{**HOURLY, "rain_month": 25.4, "rain_year": 254}]


@pytest.mark.parametrize("path", ["/pwsupdate/pwsupdate.php", "/pwsupdate/pwsupdate.php/", "/api/v1/submitwx"])
async def test_pwsweather_takes_the_same_fields(site: Site, path: str) -> None:
    answer = await site.get(path, action="updateraw", ID="ORCHARD", PASSWORD=site.key, **FIELDS)

    assert (answer.status_code, answer.text) == (200, "success\n")
    assert stored() == [HOURLY]


@pytest.mark.parametrize("state", ["paused", "revoked", "unknown", "none"])
@pytest.mark.parametrize("path", ["/automaticreading", "/api/v2/send"])
async def test_wow_is_never_told_403_which_silences_its_clients(site: Site, path: str, state: str) -> None:
    key = {"unknown": "0" * 44, "none": ""}.get(state, site.key)
    if state == "paused":
        change("UPDATE sensors_sensor SET status = 'paused'")
    if state == "revoked":
        change("UPDATE sensors_key SET revoked_at = now()")

    answer = await site.get(path, siteid="x", siteAuthenticationKey=key, **FIELDS)

    assert answer.status_code == (503 if state == "paused" else 401)


async def test_database_away_is_503_and_no_error_in_the_clients_sense(site: Site) -> None:
    site.server.ingest.consoles._lookups._not_before = float("inf")  # as if the database were down

    answer = await site.get("/automaticreading", siteid="x", siteAuthenticationKey="secret", **FIELDS)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not any(line.startswith("ERROR") for line in answer.text.splitlines())

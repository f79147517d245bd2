"""Weather Underground's protocol, as consoles and programs send it."""

from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.events.messages import ReadingsRefused
from tests.ingest.conftest import change, stored, until
from tests.ingest.doors.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)
UPDATE = "/weatherstation/updateweatherstation.php"
OBSERVER = (
    "tempf=89.42&humidity=54&dewptf=70.7&windchillf=89.42&winddir=269&windspeedmph=0.0&windgustmph=9.17&rainin=0.0"
    "&dailyrainin=0.0&weeklyrainin=0.476&monthlyrainin=4.831&yearlyrainin=4.831&solarradiation=732.04&UV=6"
    "&indoortempf=79.34&indoorhumidity=55&baromin=30.135&lowbatt=0&dateutc=now&softwaretype=OBSERVERIP2_V2.2.3"
    "&action=updateraw&realtime=1&rtfreq=5"
)


async def test_what_a_console_sends_is_stored_in_canonical_units(site: Site) -> None:
    answer = await site.client.get(f"{UPDATE}?ID=ORCHARD&PASSWORD={site.key}&{OBSERVER}")

    assert (answer.status_code, answer.text) == (200, "success\n")
    assert answer.headers["content-type"].startswith("text/plain")
    [(values, flags, observed, received)] = stored('"values", flags, observed_at, received_at')
    assert values == {
        "temperature": 31.9,
        "humidity": 54,
        "dew_point": 21.5,
        "wind_chill": 31.9,
        "wind_direction": 269,
        "wind_speed": 0,
        "wind_gust": pytest.approx(4.0994, abs=1e-4),
        "rain_1h": 0,
        "rain_day": 0,
        "rain_week": pytest.approx(12.0904, abs=1e-4),
        "rain_month": pytest.approx(122.7074, abs=1e-4),
        "rain_year": pytest.approx(122.7074, abs=1e-4),
        "solar_radiation": 732.04,
        "uv_index": 6,
        "indoor_temperature": 26.3,
        "indoor_humidity": 55,
        "sea_level_pressure": pytest.approx(1020.4882, abs=1e-4),
        "battery_low": False,
    }
    assert flags is None
    assert observed == received


async def test_program_that_encodes_everything_is_understood(site: Site) -> None:
    answer = await site.get(
        UPDATE,
        action="updateraw",
        ID="KTEST1",
        PASSWORD=site.key,
        softwaretype="weewx-5.5.2",
        dateutc="2026-11-20 06:08:08",
        humidity="080",
        tempf="32.6",
        baromin="31.100",
        winddir="360",
    )

    assert answer.text == "success\n"
    assert stored('"values", observed_at') == [
        (
            {
                "humidity": 80,
                "temperature": pytest.approx(0.3333, abs=1e-4),
                "sea_level_pressure": pytest.approx(1053.1669, abs=1e-4),
                "wind_direction": 360,
            },
            datetime(2026, 11, 20, 6, 8, 8, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    "path",
    [
        UPDATE + "?ID=x&PASSWORD={key}&tempf=50",
        UPDATE + "/?ID=x&PASSWORD={key}&tempf=50",
        UPDATE + "ID=x&PASSWORD={key}&tempf=50",  # the configured path lacks the ?
        UPDATE + "&ID=x&PASSWORD={key}&tempf=50",
        UPDATE + "/ID=x&PASSWORD={key}&tempf=50",
        "/in/{key}" + UPDATE + "?ID=x&PASSWORD=1909&tempf=50",
        "/in/{key}" + UPDATE + "?tempf=50",
        "/in/{key}" + UPDATE + "tempf=50&humidity=",
        UPDATE + "/{key}/?tempf=50",
        UPDATE + "?ID={key}&PASSWORD=&tempf=50",
        "/in/{key}/?tempf=50",
        "/in/{key}/tempf=50&humidity=--",
    ],
)
async def test_key_and_fields_are_found_wherever_a_console_puts_them(site: Site, path: str) -> None:
    answer = await site.client.get(path.format(key=site.key))

    assert answer.status_code == 200
    assert stored() == [{"temperature": 10}]


async def test_fields_may_come_as_a_form(site: Site) -> None:
    answer = await site.post(UPDATE, f"ID=x&PASSWORD={site.key}&tempf=50&dateutc=now")

    assert answer.text == "success\n"
    assert stored() == [{"temperature": 10}]


@pytest.mark.parametrize("missing", ["-9999", "-9999.0", "-999.9", "", "--", " -- "])
async def test_missing_values_are_left_out(site: Site, missing: str) -> None:
    await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="50", dewptf=missing, windspeedmph=missing, lowbatt=missing)

    assert stored() == [{"temperature": 10}]


async def test_rapid_fire_of_one_second_merges(site: Site) -> None:
    for field, value in (("tempf", "50"), ("windspeedmph", "10")):
        when = "2026-11-20 06:08:08"
        await site.get(UPDATE, ID="x", PASSWORD=site.key, dateutc=when, realtime="1", rtfreq="2.5", **{field: value})

    assert stored() == [{"temperature": 10, "wind_speed": 4.4704}]


@pytest.mark.parametrize(
    "when",
    [
        "2026-11-20+06%3A08%3A08",
        "2026-11-20%2006:08:08",
        "2026-11-20%2B06%253A08%253A08",  # encoded twice
        "2026-11-20%2006:%208:%208",
        "2026-11-20T06:08:08Z",
        "2026-11-20%206:8:8",
    ],
)
async def test_times_are_read_however_they_were_mangled(site: Site, when: str) -> None:
    await site.client.get(f"{UPDATE}?ID=x&PASSWORD={site.key}&tempf=50&dateutc={when}")

    assert stored("observed_at, flags") == [(datetime(2026, 11, 20, 6, 8, 8, tzinfo=UTC), None)]


@pytest.mark.parametrize(
    "when", ["yesterday", "2000-01-01 00:00:12", "0000-00-00 00:00:00", "2026-13-40 25:61:61", "9" * 500, "1763618888"]
)
async def test_time_that_cannot_be_is_of_arrival_and_flagged(site: Site, when: str) -> None:
    await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="50", dateutc=when)

    [(observed, received, flags)] = stored("observed_at, received_at, flags")
    assert observed == received
    assert flags == {"observed_at": 3}


async def test_clock_some_hours_ahead_is_marked_and_never_the_newest(site: Site) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M:%S")
    await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="50", dateutc=ahead)
    await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="59", dateutc="now")

    assert stored("flags") == [{"observed_at": 3}, None]
    assert stored('"values"', "sensor_state") == [{"temperature": 15}]


async def test_clock_a_year_ahead_is_refused_with_the_reason(site: Site, now: datetime) -> None:
    ahead = f"{now + timedelta(days=365):%Y-%m-%d %H:%M:%S}"
    answer = await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="50", dateutc=ahead)

    assert answer.status_code == 400
    assert "ahead of the server's clock" in answer.text
    assert stored() == []


@pytest.mark.parametrize("password", ["", "sf_aaaaaaaa-" + "x" * 32, "sf_aaaaaaaa-cut"])
async def test_wrong_password_is_a_real_401_in_the_protocols_words(site: Site, password: str) -> None:
    answer = await site.get(UPDATE, ID="x", PASSWORD=password, tempf="50")

    assert answer.status_code == 401
    assert answer.text.startswith("INVALIDPASSWORDID|")
    assert stored() == []


@pytest.mark.parametrize("kept", [12, 20, 43])
async def test_key_that_a_console_cut_off_is_told_on_its_sensors_page_and_in_the_answer(site: Site, kept: int) -> None:
    told: list[ReadingsRefused] = []
    site.server.listener.on(ReadingsRefused, told.append)

    answer = await site.get(UPDATE, ID="x", PASSWORD=site.key[:kept], tempf="50")

    assert answer.status_code == 401
    assert "/in/<key>/" in answer.text
    await until(lambda: bool(told))
    assert "Copy the whole key" in told[0].detail


async def test_paused_sensor_is_asked_to_try_later_and_never_told_403(site: Site) -> None:
    change("UPDATE sensors_sensor SET status = 'paused'")

    answer = await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="50")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "300")
    assert not answer.text.startswith("ERROR")


async def test_revoked_key_is_401(site: Site) -> None:
    change("UPDATE sensors_key SET revoked_at = now()")

    assert (await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="50")).status_code == 401


async def test_impossible_value_is_left_out_and_the_rest_is_published(site: Site) -> None:
    answer = await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="500", humidity="50", UV="abc")

    assert answer.text == "success\n"
    assert stored() == [{"humidity": 50}]


async def test_nothing_usable_is_400_with_the_first_reason(site: Site) -> None:
    answer = await site.get(UPDATE, ID="x", PASSWORD=site.key, tempf="500")

    assert answer.status_code == 400
    assert "highest possible temperature" in answer.text


async def test_field_sent_twice_with_two_values_is_worth_nothing(site: Site) -> None:
    await site.client.get(f"{UPDATE}?ID=x&PASSWORD={site.key}&tempf=50&tempf=90&humidity=40&humidity=40")

    assert stored() == [{"humidity": 40}]


async def test_unknown_fields_are_kept_under_names_that_are_no_quantities(site: Site) -> None:
    await site.get(
        UPDATE, ID="x", PASSWORD=site.key, tempf="50", temp="71", **{"AqNO2": "12.5", "My Field": "7", "note": "hello"}
    )

    assert stored() == [
        {
            "temperature": 10,
            "console.temp": 71,
            "console.aqno2": 12.5,
            "console.my_field": 7,
            "console.note": "hello",
        }
    ]


async def test_nothing_secret_is_ever_kept_with_a_reading(site: Site) -> None:
    path = f"/in/{site.key}{UPDATE}?ID=MYSTATION&PASSWORD=hunter2&tempf=50&token=abc&note={site.key}&apikey=xyz"
    await site.client.get(path)

    assert stored() == [{"temperature": 10}]


async def test_other_methods_are_refused_and_nothing_redirects(site: Site) -> None:
    answer = await site.client.request("DELETE", UPDATE)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")

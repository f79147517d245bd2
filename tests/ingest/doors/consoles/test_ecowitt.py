"""Ecowitt's and Ambient's protocols, whose gateways have no password."""

from datetime import UTC, datetime

import pytest

from sensorfusion.sensors.keys.secrets import console_digest
from sensorfusion.sensors.models import Console, Sensor
from tests.conftest import Cast
from tests.ingest.conftest import change, read, stored
from tests.ingest.doors.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)
PASSKEY = "34271334ED1FADA6D8B988B14267E55D"
GATEWAY = (
    "stationtype=GW2000A_V3.1.5&runtime=1574073&heap=156456&dateutc=2026-10-03+19%3A42%3A19&tempinf=71.78"
    "&humidityin=59&baromrelin=30.035&baromabsin=29.394&tempf=51.44&humidity=76&winddir=181&windspeedmph=1.79"
    "&windgustmph=4.25&maxdailygust=12.75&solarradiation=0.00&uv=0&rrain_piezo=0.000&erain_piezo=0.000"
    "&hrain_piezo=0.000&drain_piezo=0.000&wrain_piezo=0.181&mrain_piezo=0.094&yrain_piezo=23.264&ws90cap_volt=5.0"
    "&ws90_ver=147&srain_piezo=0&wh90batt=3.04&freq=868M&model=GW2000A&interval=16"
)
MEASURED = {
    "uptime": 1574073,
    "console.heap": 156456,
    "indoor_temperature": pytest.approx(22.1, abs=1e-4),
    "indoor_humidity": 59,
    "sea_level_pressure": pytest.approx(1017.1018, abs=1e-4),
    "pressure": pytest.approx(995.3951, abs=1e-4),
    "temperature": pytest.approx(10.8, abs=1e-4),
    "humidity": 76,
    "wind_direction": 181,
    "wind_speed": pytest.approx(0.8002, abs=1e-4),
    "wind_gust": pytest.approx(1.8999, abs=1e-4),
    "wind_gust_day": pytest.approx(5.6998, abs=1e-4),
    "solar_radiation": 0,
    "uv_index": 0,
    "rain_rate": 0,
    "rain_event": 0,
    "rain_1h": 0,
    "rain_day": 0,
    "rain_week": pytest.approx(4.5974, abs=1e-4),
    "rain_month": pytest.approx(2.3876, abs=1e-4),
    "rain_year": pytest.approx(590.9056, abs=1e-4),
    "raining": False,
    "console.ws90cap_volt": 5,
    "console.ws90_ver": 147,
    "battery_voltage.wh90": 3.04,
}


@pytest.fixture
def passkey(cast: Cast) -> str:
    Console.objects.create(sensor=cast.sensor, digest=console_digest(f"PASSKEY {PASSKEY}"), ending=PASSKEY[-4:])
    return PASSKEY


async def test_gateway_with_the_key_in_its_path_needs_no_passkey(site: Site) -> None:
    answer = await site.post(f"/data/report/{site.key}/", GATEWAY)

    assert (answer.status_code, answer.text) == (200, "OK\n")
    assert stored('observed_at, "values"') == [(datetime(2026, 10, 3, 19, 42, 19, tzinfo=UTC), MEASURED)]


@pytest.mark.parametrize("path", ["/data/report/", "/data/report", "/data/report/?", "/in/whatever/data/report/"])
async def test_gateway_is_known_by_the_passkey_on_its_sensor(passkey: str, site: Site, path: str) -> None:
    answer = await site.post(path, f"PASSKEY={passkey}&{GATEWAY}")

    assert answer.text == "OK\n"
    assert stored() == [MEASURED]


async def test_passkey_stops_working_when_its_sensor_gets_another(passkey: str, site: Site) -> None:
    await site.post("/data/report/", f"PASSKEY={passkey}&tempf=50")
    change("UPDATE sensors_console SET digest = NULL")
    [sensor] = read("SELECT sensor_id FROM sensors_console")
    change(f"""NOTIFY sensorfusion, '{{"kind":"KeyChanged","sensor":{sensor}}}'""")
    await site.server.settled()

    answer = await site.post("/data/report/", f"PASSKEY={passkey}&tempf=59")

    assert answer.status_code == 401
    assert stored() == [{"temperature": 10}]


TWO_GAUGES = "dailyrainin=0.10&rainratein=0.2&drain_piezo=0.20&rrain_piezo=0.4"


@pytest.mark.parametrize(
    ("chosen", "sent", "counted", "second"),
    [
        ("auto", TWO_GAUGES, 2.54, 5.08),
        ("auto", "drain_piezo=0.20", 5.08, None),
        ("auto", "drain_piezo=0.20&dailyrainin=", 5.08, None),
        ("auto", "dailyrainin=0.10", 2.54, None),
        ("tipping", TWO_GAUGES, 2.54, 5.08),
        ("piezo", TWO_GAUGES, 5.08, 2.54),
        ("piezo", "dailyrainin=0.10", None, 2.54),
    ],
)
async def test_rain_counts_from_the_gauge_that_was_chosen(
    cast: Cast, site: Site, chosen: str, sent: str, counted: float | None, second: float | None
) -> None:
    change(
        "INSERT INTO sensors_console (sensor_id, ending, rain_gauge, field_units)"
        f" VALUES ({cast.sensor.pk}, '', '{chosen}', 'as_named')"
    )
    await site.post(f"/data/report/{site.key}", sent)

    [values] = stored()
    assert (values.get("rain_day"), values.get("rain_day_2")) == (counted, second)


METRIC = "tempf=-4.4&humidity=80&windspeedmph=7.2&baromrelin=837.793&baromabsin=837.793&dailyrainin=1.5"


async def test_metric_numbers_under_imperial_names_are_refused_whole(site: Site) -> None:
    answer = await site.post(f"/data/report/{site.key}/", METRIC)

    assert answer.status_code == 400
    assert "metric" in answer.text
    assert stored() == []


async def test_metric_numbers_are_read_as_such_where_the_sensor_says_so(cast: Cast, site: Site) -> None:
    change(
        "INSERT INTO sensors_console (sensor_id, ending, rain_gauge, field_units)"
        f" VALUES ({cast.sensor.pk}, '', 'auto', 'metric_kmh')"
    )
    imperial = await site.post(f"/data/report/{site.key}/", GATEWAY)
    metric = await site.post(f"/data/report/{site.key}/", METRIC)

    assert (imperial.status_code, metric.status_code) == (400, 200)
    assert stored() == [
        {
            "temperature": -4.4,
            "humidity": 80,
            "wind_speed": 2,
            "sea_level_pressure": 837.793,
            "pressure": 837.793,
            "rain_day": 1.5,
        }
    ]


async def test_time_that_a_program_encoded_twice_is_read(site: Site) -> None:
    await site.post(f"/data/report/{site.key}/", "tempf=50&dateutc=2020-11-13%2B17%253A10%253A24")
    await site.post(f"/data/report/{site.key}/", "tempf=50&dateutc=2024-02-08 10: 36: 28")

    assert [at.isoformat() for at in stored("observed_at")] == [
        "2020-11-13T17:10:24+00:00",
        "2024-02-08T10:36:28+00:00",
    ]


async def test_batteries_say_flags_bars_and_volts(site: Site) -> None:
    sent = "wh65batt=1&batt1=0&wh57batt=3&co2_batt=6&soilbatt1=1.5&wh40batt=1.6&wh80batt=-9999&pm25batt1=&wh68batt=0"
    await site.post(f"/data/report/{site.key}/", sent)

    assert stored() == [
        {
            "battery_low.wh65": True,
            "battery_low.1": False,
            "battery.wh57": 60,
            "battery.co2": 100,
            "battery_voltage.soil1": 1.5,
            "battery_voltage.wh40": 1.6,
            "battery_low.wh68": False,
        }
    ]


async def test_gateway_with_more_sensors_than_one_reading_holds_loses_nothing(site: Site) -> None:
    fields = {f"temp{n}f": "50" for n in range(1, 11)} | {f"soilmoisture{n}": "40" for n in range(1, 17)}
    fields |= {f"thing{n}": "1" for n in range(120)}
    answer = await site.post(f"/data/report/{site.key}/", "&".join(f"{name}={value}" for name, value in fields.items()))

    assert answer.status_code == 200
    [values] = stored()
    assert len(values) == 146


AMBIENT = (
    "stationtype=AMBWeatherPro_V5.2.5&dateutc=2025-12-23+15:28:02&tempf=59.7&humidity=92&windspeedmph=2.46"
    "&windgustmph=3.36&maxdailygust=10.29&winddir=173&uv=0&solarradiation=5.10&hourlyrainin=0.1&eventrainin=0.000"
    "&dailyrainin=0.000&weeklyrainin=0.008&monthlyrainin=0.039&yearlyrainin=13.630&totalrainin=18.469&battout=1"
    "&tempinf=71.8&humidityin=57&baromrelin=29.881&baromabsin=29.902"
)


@pytest.mark.parametrize(
    "path",
    [
        "/data/report/?&PASSKEY=34:27:13:34:ED:1F&" + AMBIENT,
        "/data/report/" + AMBIENT + "&PASSKEY=34:27:13:34:ED:1F",  # older firmware omits the ?
        "/data/report" + AMBIENT + "&MAC=34:27:13:34:ed:1f",
        "/data/report/{key}/" + AMBIENT,
        "/data/report/{key}/?" + AMBIENT,
        "/in/{key}/" + AMBIENT,
    ],
)
async def test_ambients_console_is_understood_with_and_without_its_question_mark(
    cast: Cast, site: Site, path: str
) -> None:
    change(
        "INSERT INTO sensors_console (sensor_id, digest, ending, rain_gauge, field_units) VALUES"
        f" ({cast.sensor.pk}, '\\x{console_digest('PASSKEY 34271334ED1F').hex()}', '', 'auto', 'as_named')"
    )
    answer = await site.client.get(path.format(key=site.key))

    assert answer.text == "OK\n"
    [values] = stored()
    assert values["battery_low.out"] is False  # Ambient sends 1 for a good battery
    assert values["rain_rate"] == 2.54  # and a rate where Ecowitt sends the sum of an hour
    assert values["temperature"] == pytest.approx(15.3889, abs=1e-4)
    assert stored("observed_at") == [datetime(2025, 12, 23, 15, 28, 2, tzinfo=UTC)]


async def test_paused_gateway_is_asked_to_try_later(passkey: str, site: Site) -> None:
    change("UPDATE sensors_sensor SET status = 'paused'")

    assert (await site.post("/data/report/", f"PASSKEY={passkey}&tempf=50")).status_code == 503


def test_what_is_stored_of_a_passkey_is_a_digest_keyed_with_the_installations_secret(
    cast: Cast, passkey: str, settings: object
) -> None:
    row = Console.objects.get(sensor=Sensor.objects.get(pk=cast.sensor.pk))
    settings.SECRET_KEY = "another installation's"  # type: ignore[attr-defined]  # pytest-django's settings

    assert bytes(row.digest or b"") != console_digest(f"PASSKEY {passkey}")

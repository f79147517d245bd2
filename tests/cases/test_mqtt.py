"""What devices publish, through a real broker and a real worker."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from sensorfusion.sensors.models import Sensor, Status
from tests.cases.player import CASES, messages
from tests.conftest import Cast
from tests.ingest.conftest import elsewhere, read, until
from tests.ingest.mqtt.conftest import Publisher, working
from tests.mosquitto import Mosquitto

pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]


class Outcome(NamedTuple):
    """The readings of a case by device, in the order of their times, and what the owner is told: code and subject."""

    readings: dict[str, list[dict[str, Any]]]
    notices: tuple[tuple[str, str], ...] = ()


def _one(device: str, **values: Any) -> Outcome:
    return Outcome({device: [{name.replace("__", ":"): value for name, value in values.items()}]})


ENERGY_3 = {"power": 11, "power_2": 0, "power_3": 7, "voltage": 231, "voltage_2": 229, "voltage_3": 230}
CASE = {
    "acurite-two-messages": Outcome(
        {
            "rtl_433/Acurite-5n1/1011/B": [
                {"temperature": 16.8889, "humidity": 92, "wind_speed": 0.7378, "battery_ok": 1},
                {"wind_speed": 0.7378, "wind_direction": 67.5, "rain_total": 77.47, "battery_ok": 1},
            ]
        }
    ),
    "rtl433-pressure": _one("rtl_433/Bresser-9/1", temperature=-12.3, pressure=1001.2),
    "shelly-3em": _one(
        "shelly/shellypro3em-aa",
        power=260.7,
        power__a=250.5,
        power__b=10.2,
        power__c=0,
        current__a=1.2,
        voltage__a=231.1,
        energy=12.3456,
    ),
    "shelly-addon": _one("shelly/shellyplus1-bb", temperature=21.5, temperature_2=5.5, humidity=55.2),
    "tasmota-cyrillic-names": _one(
        "tasmota/flat", temperature=20.1, temperature__spalnya=18.2, temperature__ulitsa=-5.3
    ),
    "tasmota-nan": _one(
        "tasmota/four",
        temperature=17.1,
        humidity=70,
        **{"temperature__si7021-04": 10, "humidity__si7021-04": 59.7},
        **{"temperature__si7021-05": 8.8, "humidity__si7021-05": 79.3},
    ),
    "tasmota-order-of-probes": Outcome(
        {"tasmota/cellar": [{"temperature": 10, "temperature:a2": 40}, {"temperature": 11, "temperature:a2": 41}]}
    ),
    "tasmota-three-phases": _one(
        "tasmota/em3",
        **ENERGY_3,
        energy=31.043,
        energy_yesterday=7.154,
        energy_today=3.322,
        energy_total_start_time="2026-05-01T11:36:59",
        **{"energy_export_active": 0, "energy_export_active_2": 0, "energy_export_active_3": 0},
        **{"energy_factor": 0.06, "energy_factor_2": 0, "energy_factor_3": 0},
        **{"energy_frequency": 50, "energy_frequency_2": 49, "energy_frequency_3": 53},
        **{"current": 0.785, "current_2": 0.013, "current_3": 0.013},
    ),
    "thingsboard-gateway-nested": _one(
        "Dev A", temperature=42, **{"gps.lat": 52.1, "gps.lon": 21.0, "list.0": 1, "list.1": 2}
    ),
    "z2m-attribute-output": Outcome(
        {
            "zigbee2mqtt/attr": [{"temperature": 21.5}],
            "rtl_433/X/9": [{"temperature": 21.5}],
            "tasmota/x": [{"temperature": 20}],
            "esphome/home/node1": [{"temperature": 20}],
            "theengs/A4:C1:38:AA:BB:CC": [
                {
                    "temperature": 21.5,
                    "humidity": 55,
                    "battery": 90,
                    "battery_voltage": 2.9,
                    "signal_strength": -70,
                }
            ],
            "shelly/shelly1-BB": [{"temperature": 20.75}],
        }
    ),
    "z2m-availability": _one("zigbee2mqtt/Plug 1", state="ON", power=12.3, energy=1.23, voltage=231, linkquality=80),
    "z2m-illuminance-raw": _one(
        "zigbee2mqtt/lux1", battery=47, illuminance=4688, linkquality=127, battery_voltage=2.921
    ),
}
# Cases of clocks are played in test_clocks.
OF_CLOCKS = {"backlog-without-zone", "rtl433-unix-time", "shelly-clock-not-set"}


def test_every_case_is_played() -> None:
    assert {path.stem for path in (CASES / "mqtt").glob("*.jsonl")} == CASE.keys() | OF_CLOCKS


@pytest.mark.parametrize("name", CASE)
async def test_what_devices_publish_is_stored_as_they_mean_it(
    name: str, cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    outcome = CASE[name]
    await elsewhere(lambda: register(cast, list(outcome.readings)))
    said = messages(f"mqtt/{name}.jsonl", now=datetime.now(UTC))
    async with working(broker, f"case-{name}", site=str(cast.site.uuid)) as worker:
        for each in said:
            publisher.say(each.topic, each.payload)
        await until(lambda: worker.settled == len(said))

    assert stored() == outcome.readings
    assert tuple(read("SELECT code, subject FROM sensors_notice ORDER BY 1, 2")) == outcome.notices


async def test_devices_that_no_sensor_stands_for_are_told_to_the_site(
    cast: Cast, broker: Mosquitto, publisher: Publisher, caplog: pytest.LogCaptureFixture
) -> None:
    said = messages("mqtt/z2m-attribute-output.jsonl", now=datetime.now(UTC))
    async with working(broker, "case-unknown", site=str(cast.site.uuid)) as worker:
        for each in [*said] * 20:
            publisher.say(each.topic, each.payload)
        await until(lambda: worker.settled == 20 * len(said))

    devices = sorted(CASE["z2m-attribute-output"].readings)
    assert (
        read("SELECT subject FROM sensors_notice WHERE code = 'unknown_sensor' ORDER BY subject COLLATE \"C\"")
        == devices
    )
    assert len([line for line in caplog.records if "refused" in line.getMessage()]) == len(devices)


def register(cast: Cast, devices: list[str]) -> None:
    """Register a sensor of the site for each device, known elsewhere by its name."""
    for device in devices:
        Sensor.objects.create(site=cast.site, name=device, external_id=device, status=Status.ACTIVE)


def stored() -> dict[str, list[dict[str, Any]]]:
    rows = read(
        'SELECT s.external_id, r."values" FROM reading r JOIN sensors_sensor s ON s.id = r.sensor_id'
        " ORDER BY s.id, r.observed_at"
    )
    readings: dict[str, list[dict[str, Any]]] = {}
    for device, values in rows:
        readings.setdefault(device, []).append(values)
    return readings

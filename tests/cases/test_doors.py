"""What devices and programs send to the HTTP doors: nothing is lost, no series changes its probe, no unit goes."""

import httpx2
import pytest

from sensorfusion.clock import utc_now
from tests.cases import player
from tests.ingest.conftest import Server, key, server, stored, until
from tests.ingest.doors.conftest import doors, notes

__all__ = ["doors", "key", "server"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


async def play(name: str, doors: httpx2.AsyncClient, server: Server) -> httpx2.Response:
    return await player.request(name, key=server.key, now=utc_now()).send(doors)


async def written(name: str, doors: httpx2.AsyncClient, server: Server) -> list[int]:
    headers = {"authorization": f"Token {server.key}"}
    address = "/api/v2/write?precision=s"
    return [
        (await doors.post(address, content=body, headers=headers)).status_code
        for body in player.parts(name, now=utc_now())
    ]


def everything() -> dict[str, object]:
    """Return the values of all stored readings, which hold each quantity once."""
    found: dict[str, object] = {}
    for values in stored():
        assert not found.keys() & values.keys()
        found |= values
    return found


class TestLoraWan:
    async def test_both_depths_are_kept(self, doors: httpx2.AsyncClient, server: Server) -> None:
        answer = await play("lorawan/ttn-two-depths.http", doors, server)

        assert (answer.status_code, answer.json()["rejected"]) == (200, [])
        assert everything() == {
            "soil_moisture": 15.5,
            "soil_temperature": 9.4,
            "soil_moisture:25cm": 10.9,
            "soil_temperature:25cm": 3.1,
            "signal_strength": -35,
            "signal_to_noise": 9.5,
        }

    async def test_temperature_is_always_of_the_same_probe(self, doors: httpx2.AsyncClient, server: Server) -> None:
        for body in player.bodies("lorawan/ttn-external-probe.jsonl", now=utc_now()):
            answer = await doors.post("/in/ttn/up", content=body, headers={"authorization": f"Bearer {server.key}"})
            assert answer.json()["rejected"] == []

        assert [values["temperature"] for values in stored()] == [21.5, 21.6, 21.7]
        assert [values.get("temperature:tempc_ds") for values in stored()] == [4.5, None, None]

    async def test_version_three_of_chirpstack_is_stored(self, doors: httpx2.AsyncClient, server: Server) -> None:
        answer = await play("lorawan/chirpstack-v3.http", doors, server)

        assert answer.json()["accepted"] == 1
        assert everything() == {"temperature": 22.5, "humidity": 44, "signal_strength": -57, "signal_to_noise": 10}

    async def test_an_uplink_without_decoded_values_is_told(self, doors: httpx2.AsyncClient, server: Server) -> None:
        answer = await play("lorawan/ttn-no-decoded.http", doors, server)

        assert (answer.status_code, stored()) == (200, [])
        await until(lambda: bool(notes()))
        [(code, _, detail)] = notes()
        assert code == "not_understood"
        assert "payload formatter" in detail

    async def test_nested_values_and_two_gateways(self, doors: httpx2.AsyncClient, server: Server) -> None:
        await play("lorawan/ttn-nested-two-gateways.http", doors, server)

        assert everything() == {
            "temperature": 21.53,
            "humidity": 55.2,
            "battery_voltage": 3.31,
            "soil.depth_10.moisture": 22.1,
            "soil.depth_10.temperature": 14.2,
            "signal_strength": -35,
            "signal_to_noise": 9.5,
        }


class TestLineProtocol:
    async def test_requests_that_differ_in_a_tag_are_all_kept(self, doors: httpx2.AsyncClient, server: Server) -> None:
        assert await written("line-protocol/tags-over-requests.txt", doors, server) == [204, 204, 204]
        assert sorted(everything().values(), key=str) == [10, 55, 99]

    async def test_a_flush_of_telegraf_is_kept_whole(self, doors: httpx2.AsyncClient, server: Server) -> None:
        assert await written("line-protocol/telegraf-defaults.txt", doors, server) == [204]
        assert sorted(map(float, everything().values())) == [1, 1, 2, 5, 33.1, 50, 70, 98, 98.5, 99]  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("name", "count"),
        [("leading-blanks", 3), ("names", 6), ("unicode-names", 3), ("forms-of-values", 9)],
    )
    async def test_every_value_is_kept(self, name: str, count: int, doors: httpx2.AsyncClient, server: Server) -> None:
        assert await written(f"line-protocol/{name}.txt", doors, server) == [204]
        assert sum(len(values) for values in stored()) == count

    async def test_no_entity_loses_its_unit(self, doors: httpx2.AsyncClient, server: Server) -> None:
        assert await written("line-protocol/home-assistant.txt", doors, server) == [204]
        found = everything()

        assert found["temperature:outside_temperature"] == pytest.approx(21.167, abs=1e-3)
        assert (found["humidity:outside_humidity"], found["door"]) == (60, 1)


class TestTelemetry:
    async def test_every_name_is_kept(self, doors: httpx2.AsyncClient, server: Server) -> None:
        answer = await play("telemetry/names-with-accents.http", doors, server)

        assert answer.json()["rejected"] == []
        assert sorted(everything().values(), key=str) == [1, 20, 21, 21.5, 3, 50]

    async def test_many_keys_are_kept(self, doors: httpx2.AsyncClient, server: Server) -> None:
        await play("telemetry/many-keys.http", doors, server)

        assert len(everything()) == 150

    async def test_a_byte_order_mark_is_no_obstacle(self, doors: httpx2.AsyncClient, server: Server) -> None:
        assert (await play("telemetry/bom.http", doors, server)).json()["accepted"] == 1


class TestConsoles:
    async def test_further_sensors_have_their_units(self, doors: httpx2.AsyncClient, server: Server) -> None:
        assert (await play("consoles/lds-co2-lightning.http", doors, server)).text == "OK\n"
        found = everything()

        assert (found["distance"], found["level"], found["distance:total_1"]) == (2.284, 0.216, 2.5)
        assert found["temperature:co2"] == pytest.approx(21.9, abs=1e-3)
        assert (found["co2"], found["co2:24h"], found["pm2_5"], found["leak_1"]) == (612, 540, 4.2, False)
        assert (found["lightning_distance"], found["lightning_count_day"]) == (31, 1)
        assert isinstance(found["lightning_time"], str)
        assert [name for name in found if name.startswith("console.")] == []

    async def test_markers_of_missing_sensors_are_no_values(self, doors: httpx2.AsyncClient, server: Server) -> None:
        answer = await play("consoles/sentinels.http", doors, server)

        assert (answer.status_code, answer.text) == (200, "success\n")
        assert everything() == {
            "sea_level_pressure": pytest.approx(1002.6, abs=0.1),
            "rain_1h": 0,
            "indoor_temperature": pytest.approx(25),
        }

    async def test_wild_channels_are_left_out(self, doors: httpx2.AsyncClient, server: Server) -> None:
        assert (await play("consoles/wild-channel.http", doors, server)).text == "OK\n"
        assert everything() == {"temperature": 10, "sea_level_pressure": pytest.approx(1087.8, abs=0.1)}
        await until(lambda: len(notes()) == 2)
        assert [(code, "2210.72 °F" in detail) for code, subject, detail in notes() if subject == "temperature_1"] == [
            ("out_of_range", True)
        ]

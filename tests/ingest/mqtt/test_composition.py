"""From a publisher through a real broker into the database."""

import asyncio
import shutil
from uuid import uuid4

import pytest

from sensorfusion.ingest.mqtt.intake import MESSAGES
from tests.conftest import Cast
from tests.ingest.conftest import change, read, stored, until
from tests.ingest.mqtt.conftest import Publisher, working
from tests.mosquitto import Mosquitto, running

pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]


def topic(cast: Cast) -> str:
    return f"sf/v1/{cast.sensor.uuid}/readings"


def name() -> str:
    return f"test-{uuid4()}"


async def test_published_readings_are_stored_once_each(cast: Cast, broker: Mosquitto, publisher: Publisher) -> None:
    async with working(broker, name()) as worker:
        publisher.say(
            topic(cast),
            {"observed_at": 1763791200, "values": {"temperature": 21.4}},
            [{"observed_at": 1763791201, "temperature": 1}, {"observed_at": 1763791202, "temperature": 2}],
            b'{"observed_at": 1763791203, "temperature": 3}\n{"observed_at": 1763791204, "temperature": 4}\n',
            {"observed_at": 1763791200, "values": {"temperature": 21.4}},
        )
        await until(lambda: worker.settled == 4)

    assert [each["temperature"] for each in stored()] == [21.4, 1, 2, 3, 4]


async def test_what_is_published_while_no_worker_runs_is_stored_when_one_comes(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    client = name()
    async with working(broker, client, for_good=False):
        pass

    publisher.say(topic(cast), *({"observed_at": 1763791200 + n, "temperature": n} for n in range(20)))

    async with working(broker, client) as worker:
        await until(lambda: worker.settled == 20)
    assert len(stored()) == 20


async def test_garbage_is_done_with_and_counted(cast: Cast, broker: Mosquitto, publisher: Publisher) -> None:
    before = MESSAGES.values.get(("refused",), 0)
    async with working(broker, name()) as worker:
        publisher.say(
            topic(cast), b"\xff\x00", b"{", {"temperature": "warm"}, [], {"observed_at": 1763791200, "temperature": 1}
        )
        await until(lambda: worker.settled == 5)

    assert stored() == [{"temperature": 1}]
    assert MESSAGES.values["refused",] - before == 4


async def test_mosquitto_pub_is_a_client(cast: Cast, broker: Mosquitto) -> None:
    program = shutil.which("mosquitto_pub")
    if not program:
        pytest.skip("there is no mosquitto_pub on this machine")
    async with working(broker, name()) as worker:
        said = ["-q", "1", "-t", topic(cast), "-m", '{"temp": 21.4}']
        published = await asyncio.create_subprocess_exec(program, "-h", "127.0.0.1", "-p", str(broker.port), *said)
        assert await published.wait() == 0
        await until(lambda: worker.settled == 1)

    assert stored() == [{"temperature": 21.4}]


async def test_two_workers_share_the_messages(cast: Cast, broker: Mosquitto, publisher: Publisher) -> None:
    async with working(broker, name(), is_shared=True) as one, working(broker, name(), is_shared=True) as other:
        publisher.say(topic(cast), *({"observed_at": 1763791200 + n, "temperature": n % 50} for n in range(200)))
        await until(lambda: one.settled + other.settled == 200)

        assert min(one.settled, other.settled) > 50
    assert len(stored()) == 200


async def test_a_worker_that_begins_to_share_gets_nothing_twice(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    client = name()
    async with working(broker, client, for_good=False):
        pass
    async with working(broker, client, is_shared=True) as worker:
        publisher.say(topic(cast), {"observed_at": 1763791200, "temperature": 1})
        publisher.say(topic(cast), {"observed_at": 1763791201, "temperature": 2})
        await until(lambda: len(stored()) == 2 and worker.settled >= 2)

        assert worker.settled == 2


async def test_a_worker_keeps_its_place_while_the_broker_restarts(cast: Cast) -> None:
    client = name()
    with running() as broker:
        async with working(broker, client, for_good=False):
            pass
        broker.stop()
        broker.start()
        publisher = Publisher(broker)
        publisher.say(topic(cast), {"observed_at": 1763791200, "temperature": 1})
        publisher.close()

        async with working(broker, client) as worker:
            await until(lambda: worker.settled == 1)

    assert stored() == [{"temperature": 1}]


async def test_a_paused_sensor_is_refused_until_it_is_resumed(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    change("UPDATE sensors_sensor SET status = 'paused'")
    async with working(broker, name()) as worker:
        publisher.say(topic(cast), {"temperature": 1})
        await until(lambda: worker.settled == 1)
        change("UPDATE sensors_sensor SET status = 'active'")
        publisher.say(topic(cast), {"temperature": 2})
        await until(lambda: worker.settled == 2)

    assert stored() == [{"temperature": 2}]


async def test_what_is_remembered_of_a_sensor_ends_when_it_changes(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    async with working(broker, name()) as worker:
        publisher.say(topic(cast), {"temperature": 1})
        await until(lambda: worker.settled == 1)
        assert worker.remembers(cast.sensor)

        change(
            "UPDATE sensors_sensor SET status = 'paused';"
            f"""NOTIFY sensorfusion, '{{"kind":"KeyChanged","sensor":{cast.sensor.pk}}}'"""
        )
        await until(lambda: not worker.remembers(cast.sensor))
        publisher.say(topic(cast), {"temperature": 2})
        await until(lambda: worker.settled == 2)

    assert stored() == [{"temperature": 1}]


async def test_what_a_broker_kept_is_no_observation(cast: Cast, broker: Mosquitto, publisher: Publisher) -> None:
    publisher.say(topic(cast), {"temperature": 1}, retain=True)
    async with working(broker, name()) as worker:
        publisher.say(topic(cast), {"temperature": 2}, retain=True)
        await until(lambda: worker.settled == 1)
    publisher.say(topic(cast), b"", retain=True)

    assert stored() == [{"temperature": 2}]


async def test_devices_of_a_site_are_found_by_what_they_are_called_there(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    change(f"UPDATE sensors_sensor SET external_id = 'tasmota/kitchen' WHERE id = {cast.sensor.pk}")
    unknown = MESSAGES.values.get(("unknown",), 0)
    said = {"Time": "2026-01-02T03:04:05", "BME280": {"Temperature": 70.7, "Humidity": 55.2}, "TempUnit": "F"}
    async with working(broker, name(), site=str(cast.site.uuid)) as worker:
        publisher.say("tele/kitchen/SENSOR", said)
        publisher.say("tele/cellar/SENSOR", said)
        publisher.say(f"sites/{cast.site.uuid}/tele/kitchen/STATE", {"Wifi": {"Signal": -61}})
        publisher.say(f"sites/{cast.other_site.uuid}/tele/kitchen/SENSOR", said)
        await until(lambda: worker.settled == 4)

    assert [values["temperature"] for values in stored() if "temperature" in values] == [21.5]
    assert read("SELECT DISTINCT sensor_id FROM reading") == [cast.sensor.pk]
    assert MESSAGES.values["unknown",] - unknown == 2


async def test_topics_without_a_site_are_not_read_where_none_is_set(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    async with working(broker, name()) as worker:
        publisher.say("tele/kitchen/SENSOR", {"BME280": {"Temperature": 70.7}})
        publisher.say(topic(cast), {"temperature": 1})
        await until(lambda: worker.settled == 1)

    assert stored() == [{"temperature": 1}]

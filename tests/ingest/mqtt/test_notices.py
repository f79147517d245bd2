"""What arrives by MQTT and is not stored is said to the owner of the sensor, or of the site."""

from typing import Any

import pytest

from sensorfusion.ingest.senders.quotas import Limits
from tests.conftest import Cast
from tests.ingest.conftest import read, stored, until
from tests.ingest.mqtt.conftest import Publisher, working
from tests.mosquitto import Mosquitto

pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]

READING = {"AM2301": {"Temperature": 21.4}}


def noticed() -> list[Any]:
    return read(
        "SELECT s.name, t.name, n.code, n.subject, n.count FROM sensors_notice n"
        " LEFT JOIN sensors_sensor s ON s.id = n.sensor_id LEFT JOIN sensors_site t ON t.id = n.site_id"
        " ORDER BY n.code, n.subject"
    )


async def test_devices_and_topics_that_no_one_knows_are_told_to_their_site(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    prefix = f"sites/{cast.site.uuid}"
    async with working(broker, "notices-site") as worker:
        publisher.say(f"{prefix}/tele/kitchen/SENSOR", READING, READING)
        publisher.say(f"{prefix}/garden/station7/json", b"21.4")
        publisher.say(f"{prefix}/tele/cellar/SENSOR", b"{broken")
        publisher.say(f"{prefix}/tele/kitchen/LWT", b"Online")
        publisher.say("sites/no-site/tele/kitchen/SENSOR", READING)
        await until(lambda: worker.settled == 6)

    assert noticed() == [
        (None, "Orchard", "unknown_sensor", "tasmota/kitchen", 2),
        (None, "Orchard", "unknown_topic", "garden/station7/json", 1),
        (None, "Orchard", "unreadable", f"{prefix}/tele/cellar/SENSOR", 1),
    ]


async def test_what_a_known_sensor_sends_and_cannot_be_used_is_told_on_its_page(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    own = f"sf/v1/{cast.sensor.uuid}/readings"
    async with working(broker, "notices-sensor") as worker:
        publisher.say(own, b"{broken", b'{"temperature": 900}')
        await until(lambda: worker.settled == 2)

    assert noticed() == [
        ("Orchard station", None, "out_of_range", "temperature", 1),
        ("Orchard station", None, "unreadable", "", 1),
    ]


async def test_readings_beyond_a_quota_are_told_and_those_of_other_sites_are_stored(
    cast: Cast, broker: Mosquitto, publisher: Publisher
) -> None:
    own, other = (f"sf/v1/{each.uuid}/readings" for each in (cast.sensor, cast.other_sensor))
    async with working(broker, "notices-quota") as worker:
        quotas = worker.quotas
        quotas._limits = Limits(1, 0)
        publisher.say(own, b'{"temperature": 1}')
        await until(lambda: worker.settled == 1)
        await quotas.refresh()
        publisher.say(own, b'{"temperature": 2}')
        publisher.say(other, b'{"temperature": 3}')
        await until(lambda: worker.settled == 3)

    assert sorted(each["temperature"] for each in stored()) == [1, 3]
    assert noticed() == [("Orchard station", None, "quota", "", 1)]

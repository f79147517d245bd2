"""Placing messages with local times, with a database: learned before it is used, and the same when it comes again."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.domain.device_clock.learning import Heard
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import KeyChanged
from sensorfusion.ingest.mqtt.device_clocks import Arrival, DeviceClocks, local_of
from sensorfusion.ingest.senders.utc_offsets import UtcOffsets
from sensorfusion.ingest.steps.batch import Sent, Source
from sensorfusion.ingest.steps.instants import Dated, dates
from sensorfusion.readings.storage.connections import pool
from tests.conftest import Cast
from tests.ingest.conftest import Server, read, until

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Device:
    """A device in UTC at a site in Warsaw, heard by one worker."""

    clocks: DeviceClocks
    source: Source
    following: Sequence[Heard] = ()

    async def placed(
        self, sent_at: datetime, value: float = 1.0, *, late: timedelta = timedelta(seconds=1), **more: bool
    ) -> datetime:
        """Return the instant at which a message is placed."""
        sent = [Sent({"temperature": value}, sent_at.replace(tzinfo=None))]

        async def following() -> Sequence[Heard]:
            return self.following

        source = await self.clocks.placed(self.source, sent, Arrival(sent_at + late, **more), following)
        [dated] = dates(sent, received_at=sent_at + late, source=source)
        assert isinstance(dated, Dated)
        return dated.at


@pytest.fixture
async def device(cast: Cast) -> AsyncIterator[Device]:
    connections = pool()
    await connections.open()
    source = Source(cast.sensor.id, str(cast.sensor.uuid), time_zone="Europe/Warsaw")
    yield Device(DeviceClocks(UtcOffsets(connections)), source)
    await connections.close()


def kept(device: Device) -> object:
    [offset_s] = read(f"SELECT utc_offset_s FROM sensors_sensor WHERE id = {device.source.sensor}")
    return offset_s


async def test_what_is_learned_is_committed_and_told_before_the_message_is_placed(device: Device) -> None:
    listener = Listener()
    told: list[KeyChanged] = []
    listener.on(KeyChanged, told.append)
    await listener.start()
    await until(lambda: listener.is_hearing)

    assert await device.placed(NOW, is_live=True) == NOW

    assert kept(device) == 0
    await until(lambda: told == [KeyChanged(device.source.sensor)])
    await listener.stop()


async def test_what_was_learned_holds_before_the_look_ups_know_it(device: Device) -> None:
    await device.placed(NOW, is_live=True)

    assert await device.placed(NOW - 90 * MINUTE, late=95 * MINUTE) == NOW - 90 * MINUTE


async def test_a_late_message_is_read_in_the_sites_zone_and_teaches_nothing(device: Device) -> None:
    assert await device.placed(NOW, late=180 * MINUTE) == NOW - 120 * MINUTE
    assert kept(device) is None


async def test_a_first_message_that_others_follow_at_once_was_late(device: Device) -> None:
    arrived_at = NOW + 180 * MINUTE
    device.following = [Heard(arrived_at, (NOW + 5 * MINUTE).replace(tzinfo=None))]

    assert await device.placed(NOW, late=180 * MINUTE, is_live=True) == NOW - 120 * MINUTE
    assert kept(device) is None


async def test_a_message_that_comes_again_stays_where_it_is_stored(device: Device, server: Server, cast: Cast) -> None:
    """Stored by the site's zone, before another message taught the offset."""
    placed = await device.placed(NOW - 60 * MINUTE, late=30 * MINUTE)
    await server.post({"observed_at": placed.isoformat(), "values": {"temperature": 1.0}})
    await device.placed(NOW, is_live=True)

    assert await device.placed(NOW - 60 * MINUTE, late=90 * MINUTE, is_again=True) == placed
    assert await device.placed(NOW - 60 * MINUTE, 2.0, late=90 * MINUTE, is_again=True) == NOW - 60 * MINUTE


async def test_a_repeated_hour_that_comes_again_is_the_same_hour(device: Device, server: Server) -> None:
    ends = datetime(2026, 10, 25, 1, tzinfo=UTC)
    sent = [ends + 20 * number * MINUTE for number in range(-3, 3)]
    local = [at + timedelta(hours=2 if at < ends else 1) for at in sent]
    first = [await device.placed(each, number, late=300 * MINUTE) for number, each in enumerate(local)]
    for number, at in enumerate(first[:4]):
        await server.post({"observed_at": at.isoformat(), "values": {"temperature": number}})

    again = [await device.placed(each, number, is_again=True) for number, each in enumerate(local)]

    assert first == sent
    assert again == sent


async def test_a_restarted_worker_knows_from_what_is_stored_that_a_clock_went_back(
    device: Device, server: Server
) -> None:
    now = datetime.now(UTC)
    await server.post({"temperature": 1})

    assert await device.placed(now + MINUTE, is_live=True) == now + MINUTE
    assert kept(device) == 0


def test_only_local_times_of_a_clock_that_is_set_count() -> None:
    assert local_of([Sent({}, "2026-07-01T12:00:00Z"), Sent({}), Sent({}, NOW)]) is None
    assert local_of([Sent({}, datetime(1970, 1, 1, 0, 0, 12))]) is None
    assert local_of([Sent({}, datetime(2026, 7, 1, 12)), Sent({}, datetime(2026, 7, 1, 11))]) == datetime(
        2026, 7, 1, 12
    )

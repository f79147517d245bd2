"""A site that has used up a quota is refused at its doors, and the others do not notice."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from sensorfusion.ingest.senders.quotas import EVERY_S
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.ingest.conftest import Server, at, change, elsewhere, key_for, read, serve, stored, token_of, until

pytestmark = pytest.mark.django_db(transaction=True)
USAGE = "SELECT t.name, u.readings FROM site_usage u JOIN sensors_site t ON t.id = u.site_id ORDER BY 1"


@pytest.fixture
async def server(key: str, settings: Settings) -> AsyncIterator[Server]:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_readings_per_day=2, site_stored_mb=1)
    async for each in serve(key):
        yield each


def readings(*minutes: int) -> list[dict[str, object]]:
    return [{"observed_at": at(12, minute).isoformat(), "temperature": minute} for minute in minutes]


async def test_readings_are_counted_for_their_site_once(server: Server) -> None:
    await server.post(readings(1))
    await server.post(readings(1))
    await server.ingest.quotas.refresh()
    await server.ingest.quotas.refresh()

    assert read(USAGE) == [("Orchard", 1)]


async def test_site_over_its_readings_of_the_day_is_refused_and_others_go_on(server: Server, cast: Cast) -> None:
    other = await elsewhere(lambda: key_for(cast.other_sensor))
    assert (await server.post(readings(1, 2))).status_code == 200
    await server.ingest.quotas.refresh()

    refused = await server.post(readings(3))
    others = await server.post(readings(3), key=other)

    assert refused.status_code == 429
    assert refused.json()["code"] == "quota"
    assert "has stored 2 readings today" in refused.json()["detail"]
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert others.status_code == 200
    assert len(stored()) == 3
    await until(lambda: read("SELECT code FROM sensors_notice") == ["quota"])


async def test_counts_are_written_in_the_background_and_all_processes_refuse(server: Server, key: str) -> None:
    await server.post(readings(1, 2))

    async for other in serve(key):
        await until(lambda: read(USAGE) == [("Orchard", 2)], within_s=10 * EVERY_S)
        await other.ingest.quotas.refresh()
        assert (await other.post(readings(3))).status_code == 429


async def test_the_next_day_of_the_site_it_may_send_again(server: Server) -> None:
    await server.post(readings(1, 2))
    await server.ingest.quotas.refresh()
    assert (await server.post(readings(3))).status_code == 429

    change("UPDATE site_usage SET day = day - 1")
    await server.ingest.quotas.refresh()

    assert (await server.post(readings(3))).status_code == 200


async def test_site_that_takes_too_many_bytes_is_refused_until_it_is_measured_smaller(server: Server) -> None:
    change("INSERT INTO site_usage (site_id, day, bytes) SELECT id, current_date, 1000000 FROM sensors_site")
    await server.ingest.quotas.refresh()

    refused = await server.post(readings(1))
    change("UPDATE site_usage SET bytes = 999999")
    await server.ingest.quotas.refresh()
    again = await server.post(readings(1))

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    assert "take 1 MB" in refused.json()["detail"]
    assert again.status_code == 200


async def test_gateway_stores_what_it_has_for_other_sites(server: Server, cast: Cast) -> None:
    def two_sites() -> str:
        cast.other_sensor.site.memberships.create(operator=cast.owner, role="owner")
        return token_of(cast.owner)

    token = await elsewhere(two_sites)
    await server.post(readings(1, 2))
    await server.ingest.quotas.refresh()
    mine, other = (
        {"sensor": str(each.uuid), "values": {"temperature": 5}} for each in (cast.sensor, cast.other_sensor)
    )

    both = await server.post([mine, other], key=token)
    alone = await server.post([mine], key=token)

    assert (both.status_code, both.json()["accepted"]) == (200, 1)
    assert [(each["index"], each["code"]) for each in both.json()["rejected"]] == [(0, "quota")]
    assert (alone.status_code, alone.json()["code"]) == (429, "quota")
    assert "retry-after" in alone.headers


async def test_moved_sensor_counts_for_its_new_site(server: Server, cast: Cast) -> None:
    await server.post(readings(1, 2))
    await server.ingest.quotas.refresh()
    assert (await server.post(readings(3))).status_code == 429

    def move() -> None:
        Sensor.objects.filter(pk=cast.sensor.pk).update(site=cast.other_sensor.site)
        announce_sensor(cast.sensor)

    await elsewhere(move)
    await server.settled()

    assert (await server.post(readings(3))).status_code == 200


async def test_database_is_asked_only_after_something_was_stored(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas, asked = server.ingest.quotas, 0
    refresh = quotas.refresh

    async def counted() -> None:
        nonlocal asked
        asked += 1
        await refresh()

    monkeypatch.setattr("sensorfusion.ingest.senders.quotas.EVERY_S", 0.001)
    monkeypatch.setattr(quotas, "refresh", counted)
    await until(lambda: len(quotas._touched._waiters) == 1)
    before = asked

    await server.post(readings(1))
    await until(lambda: read(USAGE) == [("Orchard", 1)])
    await until(lambda: len(quotas._touched._waiters) == 1)

    assert asked == before + 1


async def test_site_at_its_limit_is_looked_at_until_it_may_send_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensorfusion.ingest.senders.quotas.EVERY_S", 0.001)
    await server.post(readings(1, 2))
    await until(lambda: bool(server.ingest.quotas._used_up))

    change("UPDATE site_usage SET day = day - 1")

    await until(lambda: not server.ingest.quotas._used_up)
    assert (await server.post(readings(3))).status_code == 200


async def test_counts_are_kept_while_the_database_is_away(server: Server) -> None:
    await server.post(readings(1))
    change("ALTER TABLE site_usage RENAME TO elsewhere")
    await server.ingest.quotas._tried()
    change("ALTER TABLE elsewhere RENAME TO site_usage")
    await server.ingest.quotas.refresh()

    assert read(USAGE) == [("Orchard", 1)]


async def test_deleted_site_does_not_keep_the_counts_of_others(server: Server, cast: Cast) -> None:
    other = await elsewhere(lambda: key_for(cast.other_sensor))
    await server.post(readings(1))
    await server.post(readings(1), key=other)
    await elsewhere(cast.site.delete)
    await server.ingest.quotas.refresh()

    assert [count for _, count in read(USAGE)] == [1]

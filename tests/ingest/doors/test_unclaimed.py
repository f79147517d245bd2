"""Unclaimed consoles: recorded within bounds and told so; their readings are not stored."""

from typing import Any

import pytest

from sensorfusion.accounts.tries import unknown_credentials
from sensorfusion.ingest.senders import unclaimed_consoles
from tests.ingest.conftest import read, stored
from tests.ingest.doors.conftest import HOME, Site, reached_from

pytestmark = pytest.mark.django_db(transaction=True)
PASSKEY = "34271334ED1FADA6D8B988B14267E55D"
WU = "/weatherstation/updateweatherstation.php"


async def seen(site: Site, columns: str = "shows, ending, model, door, network") -> list[Any]:
    await site.server.ingest.unclaimed_consoles.stop()
    return read(f"SELECT {columns} FROM sensors_unclaimedconsole ORDER BY id")


async def test_unknown_gateway_is_noted_and_told_so(site: Site) -> None:
    answer = await site.post("/data/report/", f"PASSKEY={PASSKEY}&stationtype=GW2000A_V3&model=GW2000A&tempf=50")

    assert answer.status_code == 401  # never 200, which would confirm that the reading is stored
    assert "claim" in answer.text
    assert await seen(site) == [("PASSKEY", "E55D", "GW2000A", "Ecowitt", HOME)]
    assert stored() == []


async def test_unknown_id_with_a_password_is_noted_by_its_id(site: Site) -> None:
    answer = await site.get(WU, ID="MCKEAN", PASSWORD="1909", softwaretype="OBSERVERIP2_V2.2.3", tempf="50")

    assert answer.text.startswith("INVALIDPASSWORDID|")
    assert await seen(site) == [("ID", "MCKEAN", "OBSERVERIP2_V2.2.3", "Weather Underground", HOME)]


async def test_nothing_secret_of_it_is_written_down(site: Site) -> None:
    await site.get(WU, ID="MCKEAN", PASSWORD="hunter2hunter2", tempf="50")
    await site.post("/data/report/", f"PASSKEY={PASSKEY}&tempf=50")

    rows = " ".join(
        await seen(site, "row_to_json(s)::text || encode(digest, 'escape') FROM sensors_unclaimedconsole s --")
    )
    assert "hunter2" not in rows
    assert PASSKEY[:12] not in rows


@pytest.mark.parametrize(
    "sent",
    [
        "PASSKEY=short&tempf=50",
        f"PASSKEY={'G' * 32}&tempf=50",
        f"PASSKEY={PASSKEY}&nothing=50",
        "ID=x&tempf=50",
        "ID=%00%ff&PASSWORD=x&tempf=50",
        f"ID={'x' * 65}&PASSWORD=x&tempf=50",
        "ID=x&PASSWORD=sf_abcdefgh-cut&tempf=50",
        "tempf=50",
    ],
)
async def test_what_is_no_console_is_refused_and_not_noted(site: Site, sent: str) -> None:
    assert (await site.post("/data/report/", sent)).status_code == 401
    assert await seen(site) == []


async def test_console_is_written_down_once_a_minute_and_keeps_its_first_time(site: Site) -> None:
    for _ in range(5):
        await site.post("/data/report/", f"PASSKEY={PASSKEY}&tempf=50")
        await site.server.ingest.unclaimed_consoles.stop()
    [(first, last)] = await seen(site, "first_seen_at, last_seen_at")
    site.server.ingest.unclaimed_consoles._noted.clear()  # a minute later
    await site.post("/data/report/", f"PASSKEY={PASSKEY}&tempf=50")

    assert first == last
    [(first_later, last_later)] = await seen(site, "first_seen_at, last_seen_at")
    assert (first_later, last_later > last) == (first, True)


async def test_flood_of_made_up_consoles_leaves_a_bounded_table(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unclaimed_consoles, "MOST_IN_ALL", 12)
    monkeypatch.setattr(unclaimed_consoles, "MOST_PER_NETWORK", 5)
    for home in range(4):
        async with reached_from(site.server, f"198.51.100.{home}") as client:
            for number in range(8):
                await client.post("/data/report/", content=f"PASSKEY={home}{number:031d}&tempf=50")
                await site.server.ingest.unclaimed_consoles.stop()

    rows = await seen(site, "network")
    assert 10 <= len(rows) <= 12
    assert max(rows.count(network) for network in rows) == 5
    assert rows.count("198.51.100.3") == 5


async def test_address_that_guesses_is_turned_away_and_its_known_sensor_is_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_credentials, "REFILL_PER_S", 0.0)
    await site.post(f"/data/report/{site.key}", "tempf=50")
    statuses = [(await site.get(WU, ID="x", PASSWORD=f"guess{n}", tempf="1")).status_code for n in range(65)]

    known = await site.post(f"/data/report/{site.key}", "tempf=59")
    async with reached_from(site.server, "198.51.100.9") as elsewhere:
        other = await elsewhere.get(WU, params={"ID": "x", "PASSWORD": "guess", "tempf": "1"})

    assert statuses == [401] * 60 + [429] * 5
    assert known.status_code == 200
    assert other.status_code == 401


async def test_json_door_turns_guesses_away_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_credentials, "BURST", 3)
    monkeypatch.setattr(unknown_credentials, "REFILL_PER_S", 0.0)
    statuses = [(await site.server.post({"temperature": 1}, key=f"guess{n}")).status_code for n in range(5)]

    assert statuses == [401, 401, 401, 429, 429]

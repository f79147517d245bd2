"""What holds at every HTTP door of the registry. A new door needs an example here, or these tests fail."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx2
import pytest

from sensorfusion.clock import utc_now
from sensorfusion.ingest.doors.consoles.catalogue import CONSOLES
from sensorfusion.ingest.doors.platforms import PROTOCOLS
from sensorfusion.ingest.senders.quotas import Limits
from tests.ingest.conftest import Server, change, key, read, server, stored, until
from tests.ingest.doors.conftest import doors, notes

__all__ = ["doors", "key", "server"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)
Values = Sequence[tuple[str, object]]


class Sending(NamedTuple):
    """One request."""

    method: str
    path: str
    body: bytes = b""
    bearer: bool = True

    async def to(self, client: httpx2.AsyncClient, key: str) -> httpx2.Response:
        headers = {"authorization": f"Bearer {key}"} if self.bearer else {}
        return await client.request(
            self.method, self.path.replace("KEY", key), content=self.body.replace(b"KEY", key.encode()), headers=headers
        )


class Example(NamedTuple):
    """How a door's client sends values, and two of its names for one quantity, of two probes.

    `united` is a value with a unit that nobody knows, and None if the protocol names no units. `nothing` is a valid
    request that holds nothing understood, and whether its owner is told; None if the protocol has none.
    """

    send: Callable[[Values, datetime], Sending]
    probes: tuple[str, str]
    united: Callable[[str], Values] | None = None
    nothing: tuple[Sending, bool] | None = None


def telemetry(values: Values, at: datetime) -> Sending:
    body = json.dumps({"ts": int(at.timestamp() * 1000), "values": dict(values)})
    return Sending("POST", "/api/v1/KEY/telemetry?detail=1", body.encode(), bearer=False)


def senml(values: Values, at: datetime) -> Sending:
    records = [record(name, value) | {"t": at.timestamp()} for name, value in values]
    return Sending("POST", "/api/v1/senml", json.dumps(records).encode())


def record(name: str, value: object) -> dict[str, object]:
    if isinstance(value, dict):
        return {"n": name, "v": value["value"], "u": value["unit"]}
    return {"n": name, "vs": value} if isinstance(value, str) else {"n": name, "v": value}


def lines(path: str) -> Callable[[Values, datetime], Sending]:
    def send(values: Values, at: datetime) -> Sending:
        sent = [line(name, value, int(at.timestamp())) for name, value in values]
        return Sending("POST", f"{path}?precision=s", "\n".join(sent).encode())

    return send


def line(name: str, value: object, at: int) -> str:
    """Write a probe as `measurement,tag field`; a value with a unit as Home Assistant does."""
    if isinstance(value, dict):
        return f"{value['unit']},domain=sensor,entity_id={name} value={value['value']} {at}"
    series, _, field = name.replace("\\ ", "\0").rpartition(" ")
    escaped = field.replace("\0", "\\ ").replace(",", "\\,").replace("=", "\\=")
    return f"{series or 'weather'} {escaped}={json.dumps(value) if isinstance(value, str) else value} {at}"


def measurements(values: Values, at: datetime) -> Sending:
    body = [{"station_id": "x", "dt": int(at.timestamp()), **dict(values)}]
    return Sending("POST", "/data/3.0/measurements?appid=KEY", json.dumps(body).encode(), bearer=False)


def the_things(values: Values, at: datetime) -> Sending:
    said = {"f_port": 2, "frm_payload": "gkHe", "received_at": at.isoformat(), "decoded_payload": dict(values)}
    body = {"end_device_ids": {"device_id": "d1", "dev_eui": "70B3"}, "uplink_message": said}
    return Sending("POST", "/in/ttn/up", json.dumps(body).encode())


def chirpstack(values: Values, at: datetime) -> Sending:
    info = {"deviceInfo": {"devEui": "0101", "deviceName": "roof"}, "time": at.isoformat(), "fPort": 2, "data": "AQI="}
    return Sending("POST", "/in/chirpstack?event=up", json.dumps({**info, "object": dict(values)}).encode())


def thingspeak(path: str) -> Callable[[Values, datetime], Sending]:
    def send(values: Values, at: datetime) -> Sending:
        query = urlencode({"created_at": at.isoformat(), **dict(values)})
        return Sending("GET", f"{path}?api_key=KEY&{query}", bearer=False)

    return send


def bulk(values: Values, at: datetime) -> Sending:
    body = {"write_api_key": "KEY", "updates": [{"created_at": at.isoformat(), **dict(values)}]}
    return Sending("POST", "/channels/1/bulk_update.json", json.dumps(body).encode(), bearer=False)


def console(path: str, **more: str) -> Callable[[Values, datetime], Sending]:
    def send(values: Values, at: datetime) -> Sending:
        query = urlencode({**more, "dateutc": at.strftime("%Y-%m-%d %H:%M:%S"), **dict(values)})
        return Sending("GET", f"{path}?{query}", bearer=False)

    return send


def with_unit(name: str) -> Values:
    return [(name, {"value": 1, "unit": "furlong"})]


def undecoded(send: Callable[[Values, datetime], Sending]) -> tuple[Sending, bool]:
    return send([], utc_now()), True


PROBES = ("TempC_SHT", "TempC_DS")
PARTICLES = ("pm25_ch1", "pm25_co2")
POINTS = ("w,room=attic temp", "w,room=cellar temp")
LINES, PUSH = lines("/api/v2/write"), lines("/api/live/push/x")
EXAMPLES: Mapping[str, Example] = {
    r"^api/v1/senml/?$": Example(
        senml,
        ("urn:dev:a:temp", "urn:dev:b:temp"),
        with_unit,
        (Sending("POST", "/api/v1/senml", b'[{"bn":"a"}]'), False),
    ),
    "telemetry": Example(telemetry, PROBES, with_unit, (telemetry([], utc_now())._replace(body=b"{}"), False)),
    r"^api/v2/write/?$": Example(LINES, POINTS, with_unit, (Sending("POST", "/api/v2/write", b"# comment"), False)),
    r"^write/?$": Example(lines("/write"), POINTS, with_unit, (Sending("POST", "/write", b"# comment"), False)),
    r"^api/live/push/(?P<stream>[^/]+)/?$": Example(PUSH, POINTS, with_unit),
    r"^data/3\.0/measurements/?$": Example(measurements, ("temperature", "temp"), with_unit),
    "ttn": Example(the_things, PROBES, with_unit, undecoded(the_things)),
    "chirpstack": Example(chirpstack, PROBES, with_unit, undecoded(chirpstack)),
    r"^update/?$": Example(thingspeak("/update"), ("field1", "field2")),
    r"^update\.json/?$": Example(thingspeak("/update.json"), ("field1", "field2")),
    r"^channels/(?P<channel>[^/]+)/bulk_update\.json$": Example(bulk, ("field1", "field2")),
    "Weather Underground": Example(
        console("/weatherstation/updateweatherstation.php", ID="X", PASSWORD="KEY"), ("aqpm2.5", "pm25_co2")
    ),
    "PWSweather": Example(console("/pwsupdate/pwsupdate.php", ID="X", PASSWORD="KEY"), ("aqpm2.5", "pm25_co2")),
    "WOW": Example(console("/automaticreading", siteid="X", siteAuthenticationKey="KEY"), PARTICLES),
    "WOW-BE": Example(console("/api/v2/send", siteid="X", siteAuthenticationKey="KEY"), PARTICLES),
    "Ecowitt": Example(console("/data/report/KEY/", stationtype="GW2000A"), PARTICLES),
    "WSLink": Example(console("/data/upload.php", wsid="X", wspw="KEY"), ("t1tem", "t234c1tem")),
}


def name_of(pattern: str) -> str:
    """Return the name of a door in EXAMPLES."""
    short = [name for name in ("telemetry", "ttn", "chirpstack") if name in pattern]
    return short[0] if short else pattern


DOORS = [*(name_of(pattern) for pattern, _ in PROTOCOLS), *(console.name for console in CONSOLES)]


async def send(name: str, values: Values, ago_s: int, doors: httpx2.AsyncClient, server: Server) -> httpx2.Response:
    at = utc_now().replace(microsecond=0) - timedelta(seconds=ago_s)
    return await EXAMPLES[name].send(values, at).to(doors, server.key)


def measured() -> list[dict[str, Any]]:
    """Return the values per instant, without the radio's."""
    by_instant: dict[datetime, dict[str, Any]] = {}
    for at, values in read('SELECT observed_at, "values" FROM reading ORDER BY observed_at'):
        found = {name: value for name, value in values.items() if not name.startswith("signal_")}
        by_instant.setdefault(at, {}).update(found)
    return list(by_instant.values())


def test_every_door_has_an_example() -> None:
    assert sorted(EXAMPLES) == sorted(DOORS)


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("order", [1, -1])
async def test_a_series_is_one_probe_whatever_comes_with_it(
    name: str, order: int, doors: httpx2.AsyncClient, server: Server
) -> None:
    first, second = EXAMPLES[name].probes
    sendings: list[Values] = [[(first, 20), (second, 5)], [(second, 6)], [(second, 7), (first, 22)], [(first, 23)]]
    for minutes, values in zip((4, 3, 2, 1), sendings, strict=True):
        answer = await send(name, values[::order], 60 * minutes, doors, server)
        assert answer.status_code < 300, answer.text

    one, two, three, four = measured()
    main = next(quantity for quantity, value in one.items() if value == 20)
    other = next(quantity for quantity, value in one.items() if value == 5)
    assert (two, three, four) == ({other: 6}, {main: 22, other: 7}, {main: 23})


@pytest.mark.parametrize("name", [each for each in DOORS if EXAMPLES[each].united])
async def test_a_unit_that_is_not_understood_is_never_dropped(
    name: str, doors: httpx2.AsyncClient, server: Server
) -> None:
    united = EXAMPLES[name].united
    assert united
    known = await send(name, united("temperature"), 60, doors, server)
    other = await send(name, united("range"), 30, doors, server)

    assert not any("temperature" in values for values in measured())
    await until(lambda: any("furlong" in detail for *_, detail in notes()))
    assert "furlong" in known.text or known.text == ""
    assert measured() == [{"range": 1}], other.text
    assert read("SELECT label FROM sensors_sourcefield WHERE quantity = 'range'") == ["range (furlong)"]


@pytest.mark.parametrize("name", [each for each in DOORS if EXAMPLES[each].nothing])
async def test_what_holds_nothing_understood_is_accepted_and_told(
    name: str, doors: httpx2.AsyncClient, server: Server
) -> None:
    nothing = EXAMPLES[name].nothing
    assert nothing
    answer = await nothing[0].to(doors, server.key)

    assert answer.status_code < 300
    assert stored() == []
    if nothing[1]:
        await until(lambda: bool(notes()))
    assert bool(notes()) == nothing[1]


@pytest.mark.parametrize("name", DOORS)
async def test_a_site_without_quota_is_answered_so_and_the_next_day_it_may_send(
    name: str, doors: httpx2.AsyncClient, server: Server
) -> None:
    values = [(EXAMPLES[name].probes[0], 20)]
    server.ingest.quotas._limits = Limits(1, 0)
    assert (await send(name, values, 120, doors, server)).status_code < 300
    await server.ingest.quotas.refresh()

    refused = await send(name, values, 60, doors, server)
    change("UPDATE site_usage SET day = day - 1")
    await server.ingest.quotas.refresh()
    again = await send(name, values, 60, doors, server)

    assert refused.status_code == 429, refused.text
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert again.status_code < 300, again.text
    assert len(measured()) == 2


@pytest.mark.parametrize("name", DOORS)
async def test_names_that_people_write_are_kept_apart(name: str, doors: httpx2.AsyncClient, server: Server) -> None:
    written = ["Außen 1", "Außen/1", "влажность"]
    escaped = [each.replace(" ", "\\ ") for each in written] if "write" in name or "push" in name else written
    answer = await send(name, list(zip(escaped, (1, 2, 3), strict=True)), 60, doors, server)

    assert answer.status_code < 300, answer.text
    assert sorted(value for values in measured() for value in values.values()) == [1, 2, 3]

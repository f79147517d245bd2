"""An example for every door: how its clients write readings of up to three quantities.

Tests that hold for all doors walk over `EXAMPLES`; `missing` compares them with the doors that the platform has.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sensorfusion.ingest.mqtt.adapters.catalogue import ADAPTERS
from sensorfusion.server.asgi import build
from sensorfusion.server.process import Process

Way = Literal["http", "socket", "mqtt", "poll"]
Form = Literal["json", "fields", "line", "value"]
QUANTITIES = ("temperature", "humidity", "pressure")
_RAW = "@raw@"
# Addresses that take no readings.
NO_READINGS = (
    "attributes/?$",
    "^query/?$",
    "^ping/?$",
    "^health/?$",
    "stream/?$",
    "^ws/",
    "^(?:api|clients|data)/",
    "^[sp]/[^/]{1,80}/(?:latest|series)/",
    "/events/?$",
    "^healthz/?$",
    "^readyz/?$",
    "^metrics/?$",
)


@dataclass(frozen=True)
class Raw:
    """A value that is written as these bytes, whatever the door's form says."""

    text: bytes


@dataclass(frozen=True)
class Reading:
    """What a client wants to say: values in °C, % and hPa."""

    at: datetime
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Who:
    """The sensor that a client sends for."""

    key: str
    uuid: str
    site: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Ask:
    """One request, message or answer."""

    path: str = ""
    body: bytes = b""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Example:
    """One door. `names` are the quantities as they are stored; `most` readings fit into one request."""

    name: str
    encode: Callable[[Sequence[Reading], Who], Ask]
    way: Way = "http"
    form: Form = "json"
    names: tuple[str, ...] = QUANTITIES
    most: int = 4
    is_dated: bool = True
    is_grouped: bool = False  # values of one instant are one reading
    external_id: str = ""

    def stored(self, quantity: str) -> str:
        return self.names[QUANTITIES.index(quantity)]


def missing() -> list[str]:
    """Return the doors of the platform that no example covers."""
    who = Who("sf_aaaaaaaa-" + "x" * 32, "u", "s", ZoneInfo("UTC"))
    asks = [(each, each.encode([], who)) for each in EXAMPLES if each.way == "http"]
    routes = build(Process()).application_mapping["http"].routes
    patterns = [route.pattern.regex for route in routes if route.pattern.regex.pattern]
    covered = {_first(patterns, ask.path.partition("?")[0].lstrip("/")) for _, ask in asks}
    wanted = {each.pattern for each in patterns if not any(part in each.pattern for part in NO_READINGS)}
    adapters = {adapter.name for adapter in ADAPTERS} - {each.name for each in EXAMPLES if each.way == "mqtt"}
    return sorted(wanted - covered) + sorted(adapters)


def _first(patterns: Sequence[Any], path: str) -> str:
    return next((each.pattern for each in patterns if each.match(path)), "")


def dumped(said: object) -> bytes:
    """Return JSON in which every `Raw` stands as it is."""
    raws: list[bytes] = []

    def marked(value: object) -> object:
        if isinstance(value, Raw):
            raws.append(value.text)
            return _RAW
        raise TypeError(value)

    text = json.dumps(said, default=marked).encode()
    for raw in raws:
        text = text.replace(f'"{_RAW}"'.encode(), raw, 1)
    return text


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _s(at: datetime) -> int:
    return int(at.timestamp())


def _bearer(who: Who, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {who.key}", **more}


def _text(value: object) -> bytes:
    return value.text if isinstance(value, Raw) else str(value).encode()


def _own(readings: Sequence[Reading], who: Who) -> Ask:
    said = [{"observed_at": _iso(each.at), "values": each.values} for each in readings]
    return Ask("/api/v1/readings", dumped(said), headers=_bearer(who))


def _lines(readings: Sequence[Reading], who: Who) -> Ask:
    said = (dumped({"observed_at": _iso(each.at), "values": each.values}) for each in readings)
    return Ask("/api/v1/readings", b"\n".join(said), headers=_bearer(who, **{"content-type": "application/x-ndjson"}))


def _senml(readings: Sequence[Reading], who: Who) -> Ask:
    units = {"temperature": "Cel", "humidity": "%RH", "pressure": "hPa"}
    records = [
        {"n": name, "u": units[name], "t": _s(each.at), "v": value}
        for each in readings
        for name, value in each.values.items()
    ]
    return Ask("/api/v1/senml", dumped(records), headers=_bearer(who))


def _thingsboard(readings: Sequence[Reading], who: Who) -> Ask:
    said = [{"ts": _s(each.at) * 1000, "values": each.values} for each in readings]
    return Ask(f"/api/v1/{who.key}/telemetry", dumped(said))


def _line_protocol(path: str) -> Callable[[Sequence[Reading], Who], Ask]:
    def encode(readings: Sequence[Reading], who: Who) -> Ask:
        lines = (
            b"weather " + b",".join(_assigned(each, lambda value: b'"%s"' % value.encode())) + b" %d" % _s(each.at)
            for each in readings
        )
        return Ask(f"{path}?precision=s", b"\n".join(lines), headers=_bearer(who))

    return encode


def _assigned(reading: Reading, quoted: Callable[[str], bytes]) -> Iterator[bytes]:
    for name, value in reading.values.items():
        yield name.encode() + b"=" + (quoted(value) if isinstance(value, str) else _text(value))


def _openweathermap(readings: Sequence[Reading], who: Who) -> Ask:
    said = [{"station_id": "s", "dt": _s(each.at), **each.values} for each in readings]
    return Ask(f"/data/3.0/measurements?appid={who.key}", dumped(said))


def _the_things(readings: Sequence[Reading], who: Who) -> Ask:
    said = [{"received_at": _iso(each.at), "uplink_message": {"decoded_payload": each.values}} for each in readings]
    return Ask(f"/in/{who.key}/ttn", dumped(said[0] if said else {}))


def _chirpstack(readings: Sequence[Reading], who: Who) -> Ask:
    said = [{"time": _iso(each.at), "deviceInfo": {"devEui": "01"}, "object": each.values} for each in readings]
    return Ask(f"/in/{who.key}/chirpstack?event=up", dumped(said[0] if said else {}))


def _thingspeak(readings: Sequence[Reading], who: Who) -> Ask:
    pairs = [
        pair for each in readings for pair in (*_assigned(each, str.encode), b"created_at=" + _iso(each.at).encode())
    ]
    return Ask("/update", b"&".join([b"api_key=" + who.key.encode(), *pairs]))


def _thingspeak_json(readings: Sequence[Reading], who: Who) -> Ask:
    said = [{"api_key": who.key, "created_at": _iso(each.at), **each.values} for each in readings]
    return Ask("/update.json", dumped(said[0] if said else {}), headers={"content-type": "application/json"})


def _bulk(readings: Sequence[Reading], who: Who) -> Ask:
    updates = [{"created_at": _iso(each.at), **each.values} for each in readings]
    return Ask("/channels/1/bulk_update.json", dumped({"write_api_key": who.key, "updates": updates}))


def _console(path: str, names: tuple[str, str, str], credential: str = "") -> Callable[[Sequence[Reading], Who], Ask]:
    def encode(readings: Sequence[Reading], who: Who) -> Ask:
        pairs = [pair for each in readings for pair in _console_fields(each, names)]
        if credential:
            pairs.insert(0, f"ID=X&{credential}={who.key}".encode())
        return Ask(path.format(key=who.key), b"&".join(pairs))

    return encode


def _console_fields(reading: Reading, names: tuple[str, str, str]) -> Iterator[bytes]:
    yield b"dateutc=" + quote(reading.at.strftime("%Y-%m-%d %H:%M:%S")).encode()
    imperial = {"temperature": (9 / 5, 32.0), "humidity": (1.0, 0.0), "pressure": (1 / 33.8638866667, 0.0)}
    for name, value in reading.values.items():
        factor, offset = imperial[name]
        written = _text(value) if isinstance(value, str | Raw) else f"{value * factor + offset:.5f}".encode()
        yield names[QUANTITIES.index(name)].encode() + b"=" + written


def _wslink(readings: Sequence[Reading], who: Who) -> Ask:
    pairs = [b"wsid=X", b"wspw=" + who.key.encode()]
    for each in readings:
        local = each.at.astimezone(who.zone).strftime("%Y-%m-%d %H:%M:%S")
        named = _named(each.values, "t1tem", "t1hum", "abar")
        pairs += [b"datetime=" + quote(local).encode(), *_assigned(Reading(each.at, named), str.encode)]
    return Ask("/data/upload.php", b"&".join(pairs))


def _mqtt(topic: str, said: Callable[[Sequence[Reading], Who], Any]) -> Callable[[Sequence[Reading], Who], Ask]:
    def encode(readings: Sequence[Reading], who: Who) -> Ask:
        body = said(readings, who) if readings else {}
        return Ask(topic.format(uuid=who.uuid, site=who.site), body if isinstance(body, bytes) else dumped(body))

    return encode


def _named(values: Mapping[str, Any], temperature: str, humidity: str, pressure: str) -> dict[str, Any]:
    names = {"temperature": temperature, "humidity": humidity, "pressure": pressure}
    return {names[name]: value for name, value in values.items()}


def _tasmota(readings: Sequence[Reading], who: Who) -> Any:
    [one] = readings
    block = _named(one.values, "Temperature", "Humidity", "Pressure")
    return {"Time": one.at.astimezone(who.zone).strftime("%Y-%m-%dT%H:%M:%S"), "BME280": block, "TempUnit": "C"}


def _shelly(readings: Sequence[Reading], who: Who) -> Any:
    [one] = readings
    parts = {
        "temperature": ("temperature:0", "tC"),
        "humidity": ("humidity:0", "rh"),
        "pressure": ("illuminance:0", "lux"),
    }
    components = {parts[name][0]: {"id": 0, parts[name][1]: value} for name, value in one.values.items()}
    return {"src": "shellyht-1", "method": "NotifyFullStatus", "params": {"ts": _s(one.at), **components}}


def _poll(readings: Sequence[Reading], who: Who) -> Ask:
    return Ask(body=dumped(next(({"time": _s(each.at), **each.values} for each in readings), {})))


_SEA = ("temperature", "humidity", "sea_level_pressure")
_WU = ("tempf", "humidity", "baromin")
_PREFIX = "sites/{site}/"

EXAMPLES: tuple[Example, ...] = (
    Example(name="readings", encode=_own),
    Example(name="readings by line", encode=_lines),
    Example(name="socket", way="socket", encode=_own),
    Example(name="senml", encode=_senml, is_grouped=True),
    Example(name="thingsboard", encode=_thingsboard),
    Example(name="influxdb v2", encode=_line_protocol("/api/v2/write"), form="line"),
    Example(name="influxdb v1", encode=_line_protocol("/write"), form="line"),
    Example(name="grafana live", encode=_line_protocol("/api/live/push/x"), form="line"),
    Example(name="openweathermap", encode=_openweathermap),
    Example(name="the things", encode=_the_things, most=1),
    Example(name="chirpstack", encode=_chirpstack, most=1),
    Example(name="thingspeak", encode=_thingspeak, most=1, form="fields"),
    Example(name="thingspeak json", encode=_thingspeak_json, most=1),
    Example(name="thingspeak bulk", encode=_bulk),
    *(
        Example(name=name, encode=_console(path, _WU, credential), most=1, form="fields", names=_SEA)
        for name, path, credential in (
            ("wunderground", "/weatherstation/updateweatherstation.php", "PASSWORD"),
            ("wunderground asp", "/weatherstation/updateweatherstation.asp", "PASSWORD"),
            ("pwsweather", "/pwsupdate/pwsupdate.php", "PASSWORD"),
            ("pwsweather v1", "/api/v1/submitwx", "PASSWORD"),
            ("wow", "/automaticreading", "siteAuthenticationKey"),
        )
    ),
    Example(
        name="wow-be",
        encode=_console("/api/v2/send", ("tempf", "humidity", "absbaromin"), "siteAuthenticationKey"),
        most=1,
        form="fields",
    ),
    *(
        Example(
            name=name,
            encode=_console(path, ("tempf", "humidity", "baromrelin")),
            most=1,
            form="fields",
            names=_SEA,
        )
        for name, path in (("ecowitt", "/data/report/{key}/"), ("key in the path", "/in/{key}/"))
    ),
    Example(name="wslink", encode=_wslink, most=1, form="fields"),
    Example(name="poll", way="poll", encode=_poll, most=1),
    Example(name="own", way="mqtt", encode=_mqtt("sf/v1/{uuid}/readings", lambda sent, who: _own(sent, who).body)),
    Example(
        name="tasmota",
        way="mqtt",
        most=1,
        external_id="tasmota/x",
        encode=_mqtt(_PREFIX + "tele/x/SENSOR", _tasmota),
    ),
    Example(
        name="zigbee2mqtt",
        way="mqtt",
        most=1,
        external_id="zigbee2mqtt/x",
        encode=_mqtt(_PREFIX + "zigbee2mqtt/x", lambda sent, who: {**sent[0].values, "last_seen": _iso(sent[0].at)}),
    ),
    Example(
        name="shelly",
        way="mqtt",
        most=1,
        external_id="shelly/shellyht-1",
        names=("temperature", "humidity", "illuminance"),
        encode=_mqtt(_PREFIX + "shellyht-1/events/rpc", _shelly),
    ),
    Example(
        name="rtl_433",
        way="mqtt",
        most=1,
        external_id="rtl_433/X/1",
        encode=_mqtt(
            _PREFIX + "rtl_433/g/events",
            lambda sent, who: {
                **{"time": _iso(sent[0].at), "model": "X", "id": 1},
                **_named(sent[0].values, "temperature_C", "humidity", "pressure_hPa"),
            },
        ),
    ),
    Example(
        name="esphome",
        way="mqtt",
        form="value",
        most=1,
        is_dated=False,
        external_id="esphome/x",
        encode=_mqtt(
            _PREFIX + "x/sensor/temperature/state", lambda sent, who: _text(next(iter(sent[0].values.values())))
        ),
    ),
    Example(
        name="shelly-first",
        way="mqtt",
        form="value",
        most=1,
        is_dated=False,
        external_id="shelly/y",
        encode=_mqtt(
            _PREFIX + "shellies/y/sensor/temperature", lambda sent, who: _text(next(iter(sent[0].values.values())))
        ),
    ),
    Example(
        name="openmqttgateway",
        way="mqtt",
        most=1,
        external_id="theengs/A4:C1:38:00:00:01",
        encode=_mqtt(
            _PREFIX + "home/gateway/BTtoMQTT/A4C138000001",
            lambda sent, who: {
                **{"id": "A4:C1:38:00:00:01", "unixtime": _s(sent[0].at)},
                **_named(sent[0].values, "tempc", "hum", "pres"),
            },
        ),
    ),
    Example(
        name="thingsboard",
        way="mqtt",
        external_id="x",
        encode=_mqtt(
            _PREFIX + "v1/gateway/telemetry",
            lambda sent, who: {"x": [{"ts": _s(each.at) * 1000, "values": each.values} for each in sent]},
        ),
    ),
    Example(
        name="weewx",
        way="mqtt",
        most=1,
        external_id="weewx/x",
        encode=_mqtt(
            _PREFIX + "weather/x/loop",
            lambda sent, who: {
                "dateTime": str(_s(sent[0].at)),
                **_named(sent[0].values, "outTemp_C", "outHumidity", "pressure_mbar"),
            },
        ),
    ),
)

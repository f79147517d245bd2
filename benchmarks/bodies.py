"""Request bodies: six values of a weather station, 175 bytes of JSON, each with a new instant."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice

# Step between two readings of a run: so short that at 100,000 readings/s a run does not overlap with the next one.
STEP = timedelta(microseconds=10)
_HEAD = '{"observed_at":"'
_TAIL = (
    '","values":{"temperature":-11.43,"humidity":60.25,"pressure":1013.254,"wind_speed":13.47,"wind_gust":15.81,'
    '"wind_direction":212.75}}'
)
BYTES = 175
# A reading whose JSON object is 200 bytes in the live stream.
_SMALL_TAIL = '","values":{"temperature":21.43,"humidity":60.2}}'
READINGS = "/api/v1/readings"


def instants(start: datetime | None = None) -> Iterator[str]:
    """Yield ascending instants from now on, each written with microseconds."""
    at = start or datetime.now(UTC)
    for step in count():
        yield (at + step * STEP).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def reading(instant: str) -> str:
    return _HEAD + instant + _TAIL


def small_reading(instant: str) -> str:
    return _HEAD + instant + _SMALL_TAIL


def batch(of: Sequence[str]) -> str:
    return "[" + ",".join(of) + "]"


def head(key: str, length: int, path: str = READINGS) -> bytes:
    """Return everything of a request before its body."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def singles(keys: Sequence[str]) -> Iterator[bytes]:
    """Yield requests of one reading each, alternating between the sensors."""
    heads = [head(key, BYTES) for key in keys]
    tail = _TAIL.encode()
    for number, instant in enumerate(instants()):
        yield b"%b%b%b%b" % (heads[number % len(heads)], _HEAD.encode(), instant.encode(), tail)


def console_uploads(keys: Sequence[str]) -> Iterator[bytes]:
    """Yield the same six values as a weather console sends them, in its units, alternating between the sensors."""
    for key, second in _seconds(keys):
        yield (
            f"GET /weatherstation/updateweatherstation.php?ID=BENCH&PASSWORD={key}&dateutc={second}&tempf=11.43"
            "&humidity=60.25&baromin=29.921&windspeedmph=30.13&windgustmph=35.36&winddir=212&softwaretype=bench"
            "&action=updateraw HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        ).encode()


def gateway_uploads(keys: Sequence[str]) -> Iterator[bytes]:
    """Yield uploads of a gateway with one outdoor array: 26 values in 32 fields."""
    for key, second in _seconds(keys):
        body = f"PASSKEY=34271334ED1FADA6D8B988B14267E55D&dateutc={second}&{_GATEWAY}"
        yield (
            f"POST /data/report/{key}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
        ).encode()


def line_uploads(keys: Sequence[str]) -> Iterator[bytes]:
    """Yield the same six values in InfluxDB's line protocol, alternating between the sensors."""
    heads = [_head_of_lines(key) for key in keys]
    for number, line in enumerate(_lines()):
        yield heads[number % len(heads)] % (len(line), line)


def line_batches(keys: Sequence[str], size: int) -> Iterator[bytes]:
    """Yield requests of many lines each, alternating between the sensors."""
    heads, lines = [_head_of_lines(key) for key in keys], _lines()
    for number in count():
        body = b"\n".join(islice(lines, size))
        yield heads[number % len(heads)] % (len(body), body)


def telemetry_uploads(keys: Sequence[str]) -> Iterator[bytes]:
    """Yield the same six values as a ThingsBoard device sends them; its instants are whole milliseconds."""
    for key, at in _milliseconds(keys):
        body = f'{{"ts":{at},"values":{{{_VALUES}}}}}'
        yield (
            f"POST /api/v1/{key}/telemetry HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def senml_uploads(keys: Sequence[str]) -> Iterator[bytes]:
    """Yield the same six values as a pack of SenML records."""
    records = ",".join(
        f'{{"n":{name},"v":{value}}}' for name, value in (each.split(":") for each in _VALUES.split(","))
    )
    for key, at in _milliseconds(keys):
        body = f'[{{"bt":{at / 1000:.3f}}},{records}]'
        yield head(key, len(body), "/api/v1/senml") + body.encode()


def tagged_uploads(keys: Sequence[str], path: str, size: int) -> Iterator[bytes]:
    """Yield the same values for a program that tells sensors apart by a tag, `size` lines in each request."""
    lines = _lines()
    for number in count():
        tag = b"weather,station=%b" % keys[number % len(keys)].encode()
        body = b"\n".join(line.replace(b"weather,station=roof", tag) for line in islice(lines, size))
        yield (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def recipe_uploads(keys: Sequence[str], path: str, size: int) -> Iterator[bytes]:
    """Yield the same values as a form of JSON with a column for each; the plain site takes one in a request."""
    assert size == 1
    for number, instant in enumerate(instants()):
        body = f'{{"sensor":"{keys[number % len(keys)]}","observed_at":"{instant}",{_VALUES}}}'
        yield head("", len(body), path) + body.encode()


_VALUES = (
    '"temperature":-11.43,"humidity":60.25,"pressure":1013.254,"wind_speed":13.47,"wind_gust":15.81,'
    '"wind_direction":212.75'
)


def _head_of_lines(key: str) -> bytes:
    return (
        f"POST /api/v2/write?org=o&bucket=b&precision=ns HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {key}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b"
    ).encode()


def _lines() -> Iterator[bytes]:
    """Yield lines with ascending instants from now on."""
    fields = _VALUES.replace('"', "").replace(":", "=")
    start = time.time_ns()
    for step in count():
        yield f"weather,station=roof {fields} {start + step * 10_000}".encode()


def _milliseconds(keys: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield keys, each with instants of whole milliseconds that are new to it and not far ahead."""
    start = time.time_ns() // 1_000_000
    for number in count():
        yield keys[number % len(keys)], start + number // len(keys)


_GATEWAY = (
    "stationtype=GW2000A_V3.1.5&runtime=1574073&heap=156456&tempinf=71.78&humidityin=59&baromrelin=30.035"
    "&baromabsin=29.394&tempf=51.44&humidity=76&winddir=181&windspeedmph=1.79&windgustmph=4.25&maxdailygust=12.75"
    "&solarradiation=0.00&uv=0&rrain_piezo=0.000&erain_piezo=0.000&hrain_piezo=0.000&drain_piezo=0.000"
    "&wrain_piezo=0.181&mrain_piezo=0.094&yrain_piezo=23.264&ws90cap_volt=5.0&ws90_ver=147&srain_piezo=0"
    "&wh90batt=3.04&freq=868M&model=GW2000A&interval=16"
)


def _seconds(keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield keys, each with instants that are new to it.

    Consoles send whole seconds, so there are four hundred for each second of a run: a run does not overlap with the
    next, and all of an hour are in the last three weeks.
    """
    now = datetime.now(UTC)
    start = now - timedelta(days=20) + timedelta(seconds=400 * (now.timestamp() % 4_000))
    for number in count():
        at = start + timedelta(seconds=number // len(keys))
        yield keys[number % len(keys)], at.strftime("%Y-%m-%d+%H%%3A%M%%3A%S")


def batches(keys: Sequence[str], size: int) -> Iterator[bytes]:
    """Yield requests of many readings each, alternating between the sensors."""
    clock = instants()
    for number in count():
        body = batch([reading(next(clock)) for _ in range(size)])
        yield head(keys[number % len(keys)], len(body)) + body.encode()

"""The readings that are sent: six values of a weather station, 175 bytes of JSON, every instant new."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

# Between two readings of a run. So short that at 100,000 readings/s a run does not reach into the time of the next one.
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
    """Count instants up from now, each written with microseconds."""
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
    """Write everything of a request before its body."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def singles(keys: Sequence[str]) -> Iterator[bytes]:
    """Write requests of one reading each, the sensors taking turns."""
    heads = [head(key, BYTES) for key in keys]
    tail = _TAIL.encode()
    for number, instant in enumerate(instants()):
        yield b"%b%b%b%b" % (heads[number % len(heads)], _HEAD.encode(), instant.encode(), tail)


def batches(keys: Sequence[str], size: int) -> Iterator[bytes]:
    """Write requests of many readings each, the sensors taking turns."""
    clock = instants()
    for number in count():
        body = batch([reading(next(clock)) for _ in range(size)])
        yield head(keys[number % len(keys)], len(body)) + body.encode()

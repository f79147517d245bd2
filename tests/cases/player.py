"""Plays the inputs of this folder: requests (`*.http`), bodies of several requests and MQTT messages (`*.jsonl`).

Placeholders such as `{{iso:-60}}` are replaced by a time that many seconds from now, one now for a whole file.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx2

CASES = Path(__file__).parent
_PLACEHOLDER = re.compile(r"\{\{([a-z]+):(-?\d+)\}\}")
_QUOTED_NUMBER = re.compile(r'"(\{\{(?:epochnumber|epochms):-?\d+\}\})"')
_FORMS = {
    "iso": "%Y-%m-%dT%H:%M:%SZ",
    "local": "%Y-%m-%dT%H:%M:%S",
    "localsp": "%Y-%m-%d %H:%M:%S",
    "console": "%Y-%m-%d+%H:%M:%S",
}


class Request(NamedTuple):
    """One request; the sensor's key stands where the file says KEY."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    async def send(self, client: httpx2.AsyncClient) -> httpx2.Response:
        return await client.request(self.method, self.path, headers=dict(self.headers), content=self.body)


class Published(NamedTuple):
    """One MQTT message."""

    topic: str
    payload: bytes


def filled(text: str, now: datetime) -> str:
    """Replace the placeholders; `now` is in UTC."""

    def time(match: re.Match[str]) -> str:
        kind, at = match[1], now + timedelta(seconds=int(match[2]))
        if kind in _FORMS:
            return at.strftime(_FORMS[kind])
        return str(int(at.timestamp() * (1000 if kind == "epochms" else 1)))

    return _PLACEHOLDER.sub(time, text)


def request(name: str, *, key: str, now: datetime) -> Request:
    """Return the request of a file, such as `telemetry/seconds.http`."""
    head, _, body = (CASES / name).read_bytes().decode().replace("\r\n", "\n").partition("\n\n")
    first, *lines = filled(head.replace("KEY", key), now).splitlines()
    method, path = first.split(" ")[:2]
    headers = dict(line.split(": ", 1) for line in lines)
    return Request(method, path, headers, filled(body, now).removesuffix("\n").encode())


def bodies(name: str, *, now: datetime) -> Sequence[bytes]:
    """Return the bodies of a file, one per line, to be posted in order."""
    return [_numbered(line, now).encode() for line in (CASES / name).read_text().splitlines() if line.strip()]


def parts(name: str, *, now: datetime) -> Sequence[bytes]:
    """Return the bodies of a file that are parted by lines of three dashes."""
    return [filled(each, now).encode() for each in (CASES / name).read_text().split("---\n")]


def messages(name: str, *, now: datetime) -> Sequence[Published]:
    """Return the messages of a file, one per line, to be published in order."""
    said = [json.loads(line) for line in (CASES / name).read_text().splitlines() if line.strip()]
    return [Published(each["topic"], _numbered(each["payload"], now).encode()) for each in said]


def _numbered(text: str, now: datetime) -> str:
    return filled(_QUOTED_NUMBER.sub(r"\1", text), now)

"""docs/asyncapi.yaml describes the sockets as they are; `make schema` writes it, `make check` compares it."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from reference import asyncapi
from reference.socket_channels import CHANNELS
from sensorfusion.events.messages import Noticed, ReadingsRefused
from sensorfusion.ingest.doors import socket_protocol as ingest
from sensorfusion.live import protocol as live
from sensorfusion.server.asgi import build
from sensorfusion.server.process import Process
from sensorfusion.server.uvicorn import websocket
from tests.described import ROOT, assert_described, description, sent
from tests.live.world import reading

AT = datetime(2026, 11, 22, 6, tzinfo=UTC)
CODES: dict[str, Collection[int]] = {
    "live": set(live.CloseCode),
    "ingest": set(ingest.CloseCode),
    "share": {live.CloseCode.RESTART, live.CloseCode.RIGHTS_GONE},
    "site-share": {live.CloseCode.RESTART, live.CloseCode.RIGHTS_GONE},
}
OF_THE_SERVER = {websocket.NOT_UTF8, websocket.POLICY_VIOLATION, websocket.TOO_LARGE}
FRAMES = (
    live.alerts(2, [("b2d4", 17)]),
    live.alert_gap("b2d4", after=1, until=3),
    live.Frame(
        b'{"type":"alert","site":"b2d4","seq":18,"at":"2026-11-22T06:01:02Z","action":"fired","alert":"9c1a",'
        b'"sensor":"6f1c","quantity":"temperature","severity":"warning","value":-14.2}'
    ),
    live.snapshot(7, [], more=True),
    live.readings([reading(1, 5)]),
    live.gap("s", after=1, until=2),
    live.sensor_state("s", "paused", name="Orchard"),
    live.refused("s", ReadingsRefused(1, "2026-11-22T06:00:00Z", 422, "out_of_range", "too hot")),
    live.noticed("s", Noticed(1, "2026-11-22T06:00:00Z", "not_understood", "x", "y", 1)),
    live.authenticated("a", "o"),
    live.pong(None, AT),
    live.error("unknown_sensor", about=1, sensor="s"),
)


def test_file_is_current() -> None:
    current = (ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8")

    assert current == asyncapi.text(), "docs/asyncapi.yaml is not current: run make schema"


def test_every_socket_is_described() -> None:
    routes = build(Process()).application_mapping["websocket"].application.routes
    patterns = {route.pattern.regex.pattern for route in routes} - {""}
    served = {re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern) for pattern in patterns}

    assert served == {f"^{each.address.strip('/')}/?$" for each in CHANNELS.values()}


def test_every_reference_leads_somewhere() -> None:
    found = list(references(description()))

    assert len(found) > 40
    for reference in found:
        place = description()
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert place


@pytest.mark.parametrize("socket", CHANNELS)
def test_close_codes_are_those_of_the_socket(socket: str) -> None:
    described = {int(code) for code in description()["channels"][socket]["x-close-codes"]}

    assert described == {int(code) for code in CODES[socket]} | OF_THE_SERVER


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: msgspec.json.decode(frame.payload)["type"])
def test_every_message_of_the_live_stream_is_described(frame: live.Frame) -> None:
    assert_described("live", msgspec.json.decode(frame.payload))


def test_no_message_of_the_live_stream_is_missing() -> None:
    assert {msgspec.json.decode(frame.payload)["type"] for frame in FRAMES} == set(sent("live"))


def test_undescribed_member_is_noticed() -> None:
    with pytest.raises(AssertionError, match="colour"):
        assert_described("live", {"type": "pong", "at": "2026-11-22T06:00:00Z", "colour": "red"})


def test_close_codes_in_the_handbook_are_those_of_the_live_stream() -> None:
    table = (ROOT / "docs" / "live.md").read_text(encoding="utf-8").partition("## Close codes")[2]

    assert {int(code) for code in re.findall(r"^\| (\d{4}) \|", table, re.MULTILINE)} == {*map(int, live.CloseCode)}


def references(part: Any) -> Iterator[str]:
    """Yield every `$ref` of the document."""
    if isinstance(part, dict):
        for name, each in part.items():
            yield from [each] if name == "$ref" else references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)

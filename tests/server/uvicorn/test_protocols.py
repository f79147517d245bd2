"""If uvicorn lacks names that our protocols need, its own protocols serve, and the log says so."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
import websockets.asyncio.client as client

from sensorfusion.server.uvicorn import protocols
from sensorfusion.server.uvicorn.internals import NAMES
from tests.conftest import Cast
from tests.crash.platform import database_url, environment
from tests.ingest.conftest import key as key
from tests.live.conftest import django, token_of
from tests.patience import PATIENCE_S

HTTP = "uvicorn.protocols.http.httptools_impl"
WEBSOCKET = "uvicorn.protocols.websockets.websockets_sansio_impl"
OURS = "sensorfusion.server.uvicorn"
STOCK_HTTP, STOCK_WEBSOCKET = "http=httptools", "ws=websockets-sansio"
OUR_HTTP, OUR_WEBSOCKET = f"http={OURS}.http:DoorProtocol", f"ws={OURS}.websocket:FrameProtocol"
# The difference in uvicorn, the protocols that then serve, and the log message.
OTHERS = {
    "nothing": ((), (OUR_HTTP, OUR_WEBSOCKET), ()),
    "the class of a request": (
        (f"{HTTP}:RequestResponseCycle=Exchange",),
        (STOCK_HTTP, OUR_WEBSOCKET),
        (f"{HTTP}:RequestResponseCycle is missing",),
    ),
    "the class of HTTP": (
        (f"{HTTP}:HttpToolsProtocol=ToolsProtocol",),
        ("http=h11", OUR_WEBSOCKET),
        (f"{HTTP}:HttpToolsProtocol is missing",),
    ),
    "a method": (
        (f"{HTTP}:timeout_keep_alive_handler=_on_timeout",),
        (STOCK_HTTP, OUR_WEBSOCKET),
        (f"{HTTP}:HttpToolsProtocol.timeout_keep_alive_handler is missing",),
    ),
    "an attribute of instances": (
        (f"{HTTP}:expect_100_continue=expects_continue", f"{WEBSOCKET}:writable=has_room"),
        (STOCK_HTTP, STOCK_WEBSOCKET),
        ("HttpToolsProtocol.expect_100_continue is missing", "WebSocketsSansIOProtocol.writable is missing"),
    ),
    "a parameter": (
        (f"{WEBSOCKET}:message=event_to_send",),
        (OUR_HTTP, STOCK_WEBSOCKET),
        ("WebSocketsSansIOProtocol.send takes (event_to_send) instead of (message)",),
    ),
    "the class of sockets": (
        (
            f"{WEBSOCKET}:WebSocketsSansIOProtocol=SocketProtocol",
            "uvicorn.protocols.websockets.auto:WebSocketsSansIOProtocol=SocketProtocol",
        ),
        (OUR_HTTP, "ws=auto"),
        (f"{WEBSOCKET}:WebSocketsSansIOProtocol is missing",),
    ),
    "our protocols cannot be imported": (
        (f"!{OURS}.http", f"!{OURS}.websocket"),
        (STOCK_HTTP, STOCK_WEBSOCKET),
        (f"{OURS}.http cannot be imported", f"{OURS}.websocket cannot be imported"),
    ),
}
Serve = Callable[[Sequence[str]], tuple[int, Path]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve with changes to uvicorn; return the port and the path of the log."""
    started: list[subprocess.Popen[str]] = []

    def begin(changes: Sequence[str]) -> tuple[int, Path]:
        log = tmp_path / "log"
        with log.open("w") as written:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.server.uvicorn.serve_renamed", *changes],
                    stdout=subprocess.PIPE,
                    stderr=written,
                    text=True,
                    env=environment(
                        DATABASE_URL=database_url(),
                        SENSORFUSION_DATA=str(tmp_path),
                        SECRET_KEY="k",
                        DJANGO_SETTINGS_MODULE="sensorfusion.config.settings",
                    ),
                )
            )
        assert started[0].stdout
        line = started[0].stdout.readline()
        assert line, log.read_text()
        return int(line), log

    yield begin
    for process in started:
        process.terminate()
        assert process.stdout
        process.stdout.close()
        process.wait(PATIENCE_S)


async def post(port: int, key: str) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=PATIENCE_S) as http:
        return await http.post(
            f"http://127.0.0.1:{port}/api/v1/readings",
            headers={"Authorization": f"Bearer {key}"},
            json={"temperature": 21.5},
        )


async def hear(socket: client.ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == kind:
                return message


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("changes", "serving", "warnings"), OTHERS.values(), ids=OTHERS.keys())
async def test_readings_are_taken_and_shown_whatever_is_different(
    changes: Sequence[str], serving: Sequence[str], warnings: Sequence[str], cast: Cast, key: str, serve: Serve
) -> None:
    token = await django(lambda: token_of(cast.owner))
    port, log = await asyncio.to_thread(serve, changes)

    async with client.connect(
        f"ws://127.0.0.1:{port}/ws/live/", additional_headers={"Authorization": f"Bearer {token}"}
    ) as socket:
        await socket.send(json.dumps({"action": "subscribe", "sensors": [str(cast.sensor.uuid)]}))
        await hear(socket, "snapshot")
        answer = await post(port, key)
        assert answer.status_code in (200, 201, 202), answer.text
        shown = await hear(socket, "readings")

    assert "21.5" in json.dumps(shown)
    said = log.read_text()
    assert all(each in said for each in serving), said
    assert all(each in said for each in warnings), said
    assert said.count("WARNING") == len(warnings), said


def test_uvicorn_that_is_installed_has_all_that_is_needed() -> None:
    assert protocols.all_problems() == {}
    assert protocols.WITHOUT.keys() == NAMES.keys()

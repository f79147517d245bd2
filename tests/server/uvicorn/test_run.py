"""Listening on an address, and uvicorn's settings."""

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator

import pytest

from sensorfusion.config import env
from sensorfusion.server.uvicorn import run as serving
from tests.patience import PATIENCE_S


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.sockets
def test_port_in_use_is_named_with_another_to_try(taken: int) -> None:
    with pytest.raises(serving.CannotListen, match=f"Port {taken} on 127.0.0.1 is in use.*--port {taken + 1}"):
        serving.listen("127.0.0.1", taken)


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("host", "port", "message"),
    [("192.0.2.1", 0, "This machine has no address 192.0.2.1"), ("127.0.0.1", 70_000, "There is no port 70000")],
)
def test_address_that_cannot_be_is_explained(host: str, port: int, message: str) -> None:
    with pytest.raises(serving.CannotListen, match=message):
        serving.listen(host, port)


def test_server_logs_no_paths_and_compresses_no_frames() -> None:
    settings = serving.settings(env.read({}), workers=1)

    assert settings.access_log is False
    assert not logging.getLogger("uvicorn.access").hasHandlers()  # otherwise it formats the line and then drops it
    assert settings.ws_per_message_deflate is False
    assert settings.server_header is False
    assert settings.ws_max_size == 8 * 1024 * 1024


def test_only_named_proxies_are_believed() -> None:
    settings = serving.settings(env.read({"FORWARDED_ALLOW_IPS": "10.0.0.0/8,192.0.2.7"}), workers=1)

    assert settings.forwarded_allow_ips == ["10.0.0.0/8", "192.0.2.7"]


def test_without_what_several_processes_need_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("uvicorn.supervisors.multiprocess.Multiprocess.keep_subprocess_alive")

    assert serving.settings(env.read({}), workers=4).workers == 1


async def test_a_signal_ends_the_server_at_once_and_not_at_its_next_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "TICK_S", 3600.0)
    server = serving._Server(serving.settings(env.read({}), workers=1), ready=lambda: None, stopping=lambda: None)
    server.config.load()
    ticking = asyncio.create_task(server.main_loop())
    await asyncio.sleep(0)
    assert not ticking.done()

    server.handle_exit(signal.SIGTERM, None)

    await asyncio.wait_for(ticking, PATIENCE_S)
    assert [name for name, _ in server.server_state.default_headers] == [b"date"]

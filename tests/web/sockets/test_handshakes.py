"""Sockets of clients that are not known yet are few, and every socket of the platform says when its client is."""

import asyncio
from typing import Any

import pytest

from sensorfusion.web.sockets import handshakes
from sensorfusion.web.sockets.handshakes import ADMIT, MOST_OF_NETWORK, Handshakes, admit


class Socket:
    """A client's end of a handshake."""

    def __init__(self, application: Any, address: str = "192.0.2.1") -> None:
        self.said: list[dict[str, Any]] = []
        self.allowed: list[int] = []
        self._application = application
        self.scope = {
            "type": "websocket",
            "path": "/ws/x/",
            "client": (address, 1),
            "extensions": {ADMIT: self.allowed.append},
        }

    async def open(self) -> None:
        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        async def send(message: dict[str, Any]) -> None:
            self.said.append(message)

        await self._application(self.scope, receive, send)

    @property
    def is_refused(self) -> bool:
        return [message["type"] for message in self.said] == ["websocket.close"]


def around(count: int, *, knows: bool = False, addresses: str = "192.0.2.1") -> tuple[Handshakes, Socket]:
    """Return the limit with a socket that is opened while `count` others wait inside of it."""
    last = Socket(None, addresses.format(count))

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if knows:
            admit(scope, most_bytes=1_000)
        waiting.append(scope)
        if len(waiting) < count:
            await Socket(limit, addresses.format(len(waiting))).open()
        elif len(waiting) == count:
            last._application = limit
            await last.open()

    waiting: list[Any] = []
    limit = Handshakes(application)
    return limit, last


@pytest.mark.parametrize(("count", "is_refused"), [(9, False), (10, True)])
async def test_unknown_clients_of_a_network_are_few(
    count: int, is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshakes, "MOST_OF_NETWORK", 10)
    monkeypatch.setattr(handshakes, "MOST_IN_LINE", 0)
    limit, last = around(count)
    await Socket(limit).open()

    assert last.is_refused is is_refused


async def test_a_network_s_next_socket_waits_in_line_and_is_sent_away_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handshakes, "MOST_OF_NETWORK", 10)
    monkeypatch.setattr(handshakes, "WITHIN_S", 0.01)
    limit, last = around(10)
    await Socket(limit).open()

    assert last.is_refused


async def test_a_burst_of_clients_is_let_in_by_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restart, when all viewers behind one proxy come back at once."""
    monkeypatch.setattr(handshakes, "MOST_OF_NETWORK", 10)
    at_once, most = 0, 0

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        admit(scope, most_bytes=5)
        order.append(scope["client"][1])
        await asyncio.sleep(0)

    order: list[int] = []
    limit = Handshakes(application)
    sockets = [Socket(limit) for _ in range(500)]
    for number, each in enumerate(sockets):
        each.scope["client"] = ("192.0.2.1", number)
    await asyncio.gather(*(each.open() for each in sockets))

    assert not any(each.is_refused for each in sockets)
    assert most == 10
    assert order == sorted(order)
    assert limit.is_empty


async def test_a_client_that_goes_away_in_line_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshakes, "MOST_OF_NETWORK", 1)
    is_over = asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await is_over.wait()

    limit = Handshakes(application)
    tasks = [asyncio.create_task(Socket(limit).open()) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    is_over.set()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert tasks[1].cancelled()
    assert not tasks[2].cancelled()
    assert limit.is_empty


async def test_unknown_clients_are_few_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshakes, "MOST", 10)
    limit, last = around(10, addresses="192.0.2.{}")
    await Socket(limit).open()

    assert last.is_refused


async def test_known_clients_are_counted_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshakes, "MOST_OF_NETWORK", 10)
    limit, last = around(30, knows=True)
    await Socket(limit).open()

    assert not last.is_refused


async def test_a_closed_socket_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshakes, "MOST_OF_NETWORK", 1)

    async def application(scope: Any, receive: Any, send: Any) -> None: ...

    limit, sockets = Handshakes(application), [Socket(None) for _ in range(5)]
    for each in sockets:
        each._application = limit
        await each.open()

    assert not any(each.is_refused for each in sockets)


async def test_the_server_is_told_how_large_messages_may_be() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        admit(scope, most_bytes=5)
        admit(scope, most_bytes=7)

    socket = Socket(Handshakes(application))
    await socket.open()

    assert socket.allowed == [5, 7]
    assert MOST_OF_NETWORK > 100  # a house behind one address has several pages open


async def test_another_server_needs_no_limit() -> None:
    admit({"type": "websocket"}, most_bytes=5)

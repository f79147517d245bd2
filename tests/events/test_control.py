"""The listener is believed only while it hears what it says to itself."""

import asyncio
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from sensorfusion.events import control
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, Resumed
from sensorfusion.events.postgres import conninfo
from tests import pgbouncer
from tests.ingest.conftest import change, until
from tests.patience import PATIENCE_S
from tests.tcp_proxy import proxy

pytestmark = pytest.mark.django_db(transaction=True)


def lead(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let new connections lead to another address of the database."""
    to = conninfo_to_dict(url)
    for name in ("host", "port"):
        monkeypatch.setitem(connections["default"].settings_dict, name.upper(), to[name])


async def test_started_listener_hears_already() -> None:
    listener = Listener()

    await listener.start()

    assert listener.is_hearing
    await listener.stop()


async def test_listener_sleeps_until_the_database_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    intervals: list[float] = []
    wait = psycopg.AsyncConnection.wait

    async def noted(link: psycopg.AsyncConnection, gen: Any, interval: float, *rest: Any) -> Any:
        intervals.append(interval)
        return await wait(link, gen, interval, *rest)

    monkeypatch.setattr(psycopg.AsyncConnection, "wait", noted)
    listener = Listener()
    await listener.start()
    await listener.stop()

    assert set(intervals) == {control.HEARTBEAT_S}


async def test_silent_host_makes_it_deaf_and_its_return_hearing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(control, "HEARD_WITHIN_S", 0.5)
    monkeypatch.setattr(control, "RECONNECT_AFTER_S", 0.1)
    with proxy() as between:
        lead(monkeypatch, between.url)
        listener = Listener()
        resumed: list[Resumed] = []
        listener.on(Resumed, resumed.append)
        await listener.start()
        assert listener.is_hearing

        between.silence()
        await until(lambda: not listener.is_hearing)
        between.speak()
        await until(lambda: listener.is_hearing)

        assert len(resumed) == 2
        await listener.stop()


async def test_pooler_that_does_not_keep_sessions_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "HEARD_WITHIN_S", 0.3)
    with pgbouncer.running(pool_mode="transaction", default_pool_size="2", server_round_robin="1") as url:
        lead(monkeypatch, url)
        listener = Listener()
        await listener.start()

        assert not listener.is_hearing
        await listener.stop()


async def test_events_among_heartbeats_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "HEARTBEAT_S", 0.0)  # it proves itself all the time
    listener = Listener()
    heard: list[int] = []
    listener.on(AccessChanged, lambda event: heard.append(event.operator))
    await listener.start()

    with psycopg.connect(conninfo(), autocommit=True) as other:
        for number in range(200):
            other.execute("SELECT pg_notify(%s, %s)", [control.CHANNEL, control.payload(AccessChanged(number))])
            await asyncio.sleep(0)

    await until(lambda: len(heard) == 200, PATIENCE_S)
    assert heard == list(range(200))
    await listener.stop()


async def test_unknown_kinds_of_a_newer_process_are_passed_over() -> None:
    listener = Listener()
    heard: list[AccessChanged] = []
    listener.on(AccessChanged, heard.append)
    await listener.start()

    change("""NOTIFY sensorfusion, '{"kind":"Newer","x":1}'""")
    change("""NOTIFY sensorfusion, '{"kind":"AccessChanged","operator":1}'""")

    await until(lambda: len(heard) == 1)
    assert listener.is_hearing
    await listener.stop()

"""Ending connections that do not answer, from another thread and from the event loop."""

import threading

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.postgres.cutting import answering, cut

pytestmark = pytest.mark.django_db


def test_statement_that_waits_in_another_thread_fails_at_once() -> None:
    with psycopg.connect(conninfo()) as link:
        timer = threading.Timer(0.2, cut, [link])
        timer.start()
        with pytest.raises(psycopg.OperationalError):
            link.execute("SELECT pg_sleep(600)")
        timer.join()

        assert link.closed


def test_closed_connection_is_left_alone() -> None:
    link = psycopg.connect(conninfo())
    link.close()

    cut(link)


async def test_block_that_takes_too_long_loses_its_connection() -> None:
    async with await psycopg.AsyncConnection.connect(conninfo()) as link:
        with pytest.raises(psycopg.OperationalError):
            async with answering(link, 0.2) as is_cut:
                await link.execute("SELECT pg_sleep(600)")

        assert is_cut()


async def test_block_that_is_in_time_keeps_it() -> None:
    async with await psycopg.AsyncConnection.connect(conninfo()) as link:
        async with answering(link, 60) as is_cut:
            await link.execute("SELECT 1")

        assert not is_cut()
        assert await (await link.execute("SELECT 2")).fetchone() == (2,)

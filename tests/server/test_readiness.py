"""A process is ready if it stores readings and hears of changes; one trial serves several probes."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from sensorfusion.readings.storage.connections import pool
from sensorfusion.server import database_check
from sensorfusion.server.readiness import Readiness

pytestmark = pytest.mark.django_db(transaction=True)


class Writer:
    def __init__(self, *, oldest_s: float = 0.0, fault: str = "") -> None:
        self.oldest_s = oldest_s
        self._fault = fault

    def fault(self, *, within_s: float) -> str:
        return self._fault


@pytest.fixture
async def connections() -> AsyncIterator[AsyncConnectionPool[Any]]:
    async with pool() as opened:
        yield opened


def readiness(
    connections: AsyncConnectionPool[Any], *, writer: Writer | None = None, is_hearing: bool = True
) -> Readiness:
    return Readiness(connections, SimpleNamespace(is_hearing=is_hearing), writer or Writer())


async def test_process_in_order_is_ready(connections: AsyncConnectionPool[Any]) -> None:
    assert (await readiness(connections).verdict()).code == "ready"


async def test_reading_that_waits_for_long_is_named(connections: AsyncConnectionPool[Any]) -> None:
    verdict = await readiness(connections, writer=Writer(oldest_s=61.4)).verdict()

    assert (verdict.code, verdict.detail) == ("not_storing", "The oldest waiting reading has waited for 61 s.")


async def test_failed_commit_is_told_with_its_reason(connections: AsyncConnectionPool[Any]) -> None:
    verdict = await readiness(connections, writer=Writer(fault="No space left on device")).verdict()

    assert verdict.code == "not_storing"
    assert "No space left on device" in verdict.detail


async def test_deaf_listener_is_not_ready(connections: AsyncConnectionPool[Any]) -> None:
    assert (await readiness(connections, is_hearing=False).verdict()).code == "not_hearing"


async def test_probes_in_one_second_share_a_trial(
    connections: AsyncConnectionPool[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    now = 100.0
    attempt = database_check.attempt

    async def counted(link: Any) -> None:
        tried.append(1)
        await attempt(link)

    monkeypatch.setattr(database_check, "attempt", counted)
    judge = Readiness(connections, SimpleNamespace(is_hearing=True), Writer(), clock=lambda: now)
    for _ in range(3):
        await judge.verdict()
    assert len(tried) == 1
    now += 1.0
    await judge.verdict()
    assert len(tried) == 2


async def test_full_disk_is_told_with_what_follows_from_it(connections: AsyncConnectionPool[Any]) -> None:
    def judge(*, is_hearing: bool) -> Readiness:
        hearing = SimpleNamespace(is_hearing=is_hearing)
        return Readiness(connections, hearing, Writer(), room=lambda: "The disk is full.")

    assert (await judge(is_hearing=False).verdict()).detail.endswith("do not arrive. The disk is full.")
    assert "disk" not in (await judge(is_hearing=True).verdict()).detail

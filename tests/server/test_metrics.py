"""Metrics of several workers: whichever is asked shows all, each by its number."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sensorfusion.server import metrics
from sensorfusion.server.metrics import Metrics


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(metrics, "_shared", [tmp_path])
    return tmp_path


def numbers(text: bytes, name: str) -> set[str]:
    """Return which workers a family has samples of."""
    return {
        sample.labels.get("worker", "")
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if family.name == name
    }


async def test_process_alone_has_no_label() -> None:
    alone = Metrics()
    await alone.start()

    assert numbers(await alone.text(), "process_open_fds") == {""}


async def test_each_worker_shows_all(shared: Path) -> None:
    workers = [Metrics() for _ in range(3)]
    for worker in workers:
        await worker.start()

    shown = [await worker.text() for worker in workers]
    for worker in workers:
        await worker.stop()

    assert [numbers(text, "process_open_fds") for text in shown] == [{"1", "2", "3"}] * 3
    assert [text.count(b"# TYPE process_open_fds ") for text in shown] == [1, 1, 1]


async def test_values_are_those_of_the_worker(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = iter("34")
    family = '# HELP n_total Numbers.\n# TYPE n_total counter\nn_total{door="a"} '
    monkeypatch.setattr(metrics, "of_this_process", lambda: f"{family}{next(said)}\n".encode())
    asked, other = Metrics(), Metrics()
    await asked.start()
    await other.start()

    text = (await asked.text()).decode()
    await asked.stop()
    await other.stop()

    samples = {line for line in text.splitlines() if not line.startswith("#")}
    assert {line.replace('"1"', "?").replace('"2"', "?") for line in samples} == {
        'n_total{door="a",worker=?} 3.0',
        'n_total{door="a",worker=?} 4.0',
    }
    assert len({line.partition("worker=")[2][:3] for line in samples}) == 2


async def test_number_of_a_worker_that_ended_is_given_again(shared: Path) -> None:
    first, second, third = Metrics(), Metrics(), Metrics()
    await first.start()
    await second.start()

    await first.stop()
    await third.start()
    text = await second.text()
    await second.stop()
    await third.stop()

    assert numbers(text, "process_open_fds") == {"1", "2"}
    assert not await asyncio.to_thread(lambda: list(shared.glob("*.sock")))


async def test_worker_that_was_killed_is_left_out(shared: Path) -> None:
    (shared / "7.sock").touch()  # nothing listens there
    alone = Metrics()
    await alone.start()

    text = await alone.text()
    await alone.stop()

    assert numbers(text, "process_open_fds") == {"1"}

"""The cache of the doors' look-ups is used only as long as it can be trusted."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from sensorfusion.ingest.senders.cache import REMEMBER_S, Cache
from sensorfusion.ingest.senders.database_lookups import DatabaseLookups


@dataclass
class Ears:
    """The part of a listener that the cache uses."""

    is_hearing: bool = True


@dataclass
class Bench:
    ears: Ears = field(default_factory=Ears)
    now: float = 100.0

    def __post_init__(self) -> None:
        self.lookups: DatabaseLookups[str, int] = DatabaseLookups(self._find, clock=lambda: self.now)
        ears: Any = self.ears
        self.memory: Cache[str, int] = Cache(self.lookups, ears, at_most=3, clock=lambda: self.now)

    async def _find(self, asked: str) -> int:
        raise AssertionError(f"{asked} is not looked up here")

    def remember(self, asked: str, known: int) -> None:
        self.memory.remember(asked, known, since=self.lookups.generation)


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_answer_counts_for_a_minute(bench: Bench) -> None:
    bench.remember("a", 1)

    bench.now += REMEMBER_S - 0.1
    assert bench.memory.known("a") == 1
    bench.now += 0.2
    assert bench.memory.known("a") is None


async def test_nothing_is_believed_while_nobody_hears(bench: Bench) -> None:
    bench.remember("a", 1)

    bench.ears.is_hearing = False

    assert bench.memory.known("a") is None


async def test_what_was_read_before_a_forgetting_is_not_remembered(bench: Bench) -> None:
    since = bench.lookups.generation
    bench.memory.forget(lambda known: False)

    bench.memory.remember("a", 1, since=since)

    assert bench.memory.known("a") is None


async def test_only_what_is_meant_is_forgotten(bench: Bench) -> None:
    bench.remember("a", 1)
    bench.remember("b", 2)

    bench.memory.forget(lambda known: known == 1)

    assert (bench.memory.known("a"), bench.memory.known("b")) == (None, 2)


async def test_memory_is_bounded(bench: Bench) -> None:
    for number, asked in enumerate("abcd"):
        bench.remember(asked, number)

    assert len(bench.memory) == 1
    assert bench.memory.known("d") == 3

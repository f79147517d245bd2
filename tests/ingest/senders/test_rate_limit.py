"""Unknown credentials are counted per network, in bounded memory, and never delay known ones."""

import pytest

from sensorfusion.ingest.senders import rate_limit
from sensorfusion.ingest.senders.rate_limit import BURST, UnknownCredentialLimiter
from sensorfusion.ingest.steps.refused import RequestRefused


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def nobody(credential: str) -> str:
    raise RequestRefused("unknown_key")


async def somebody(credential: str) -> str:
    return credential


async def code_of(counted: UnknownCredentialLimiter, address: str, credential: str = "x") -> str:
    with pytest.raises(RequestRefused) as refused:
        await counted.identified(nobody, credential, address)
    return refused.value.code


async def test_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    counted = UnknownCredentialLimiter(clock=clock)

    codes = [await code_of(counted, "192.0.2.1") for _ in range(BURST + 1)]
    clock.now += 2
    later = [await code_of(counted, "192.0.2.1") for _ in range(3)]

    assert codes == ["unknown_key"] * BURST + ["too_fast"]
    assert later == ["unknown_key", "unknown_key", "too_fast"]


async def test_what_was_known_before_is_looked_up_whatever_its_address_sends() -> None:
    counted = UnknownCredentialLimiter(clock=Clock())
    await counted.identified(somebody, "the key", "192.0.2.1")
    for _ in range(BURST + 5):
        await code_of(counted, "192.0.2.1")

    assert await counted.identified(somebody, "the key", "192.0.2.1") == "the key"
    assert await code_of(counted, "192.0.2.1", "another") == "too_fast"


async def test_memory_is_bounded_by_forgetting_who_was_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_ADDRESSES", 10)
    monkeypatch.setattr(rate_limit, "MOST_KNOWN", 10)
    counted = UnknownCredentialLimiter(clock=Clock())
    for number in range(100):
        await code_of(counted, f"192.0.2.{number}")
        await counted.identified(somebody, f"key {number}", "192.0.2.1")

    assert len(counted._buckets) == 10
    assert len(counted._known) <= 10


async def test_requests_without_an_address_are_not_counted() -> None:
    counted = UnknownCredentialLimiter(clock=Clock())

    assert {await code_of(counted, "") for _ in range(BURST * 2)} == {"unknown_key"}

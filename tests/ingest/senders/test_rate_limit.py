"""Unknown credentials are counted per network, in bounded memory, and never delay known ones."""

import pytest

from sensorfusion.accounts.tries.unknown_credentials import BURST
from sensorfusion.ingest.senders.rate_limit import UnknownCredentialLimiter
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
    for number in range(BURST + 5):
        await code_of(counted, "192.0.2.1", f"wrong {number}")

    assert await counted.identified(somebody, "the key", "192.0.2.1") == "the key"
    assert await code_of(counted, "192.0.2.1", "another") == "too_fast"


async def test_device_that_repeats_a_wrong_key_leaves_good_ones_alone() -> None:
    counted = UnknownCredentialLimiter(clock=Clock())
    repeated = [await code_of(counted, "192.0.2.1", "the wrong one") for _ in range(BURST + 20)]

    assert repeated[-1] == "too_fast"
    for number in range(20):
        assert await counted.identified(somebody, f"good {number}", "192.0.2.1") == f"good {number}"


async def test_issued_keys_pass_while_their_network_sends_guesses() -> None:
    good = "sf_7k2m9q4x-" + "A" * 32

    async def is_issued(name: str) -> bool:
        return name == "sf_7k2m9q4x"

    counted = UnknownCredentialLimiter(is_issued=is_issued, clock=Clock())
    for number in range(BURST + 5):
        await code_of(counted, "192.0.2.1", f"sf_{number:08}-{'B' * 32}")

    assert await counted.identified(somebody, good, "192.0.2.1") == good
    assert await code_of(counted, "192.0.2.1", "sf_zzzzzzzz-" + "B" * 32) == "too_fast"


async def test_guesses_of_the_secret_of_one_key_are_limited() -> None:
    async def is_issued(name: str) -> bool:
        return True

    counted = UnknownCredentialLimiter(is_issued=is_issued, clock=Clock())
    codes = [await code_of(counted, "192.0.2.1", f"sf_7k2m9q4x-{number:032}") for number in range(2 * BURST)]

    assert codes == ["unknown_key"] * BURST + ["too_fast"] * BURST


async def test_issued_tokens_pass_while_their_network_sends_guesses() -> None:
    async def is_issued(token: str) -> bool:
        return token == "sft_good"

    counted = UnknownCredentialLimiter(is_issued=is_issued, clock=Clock())
    for number in range(BURST + 5):
        await code_of(counted, "192.0.2.1", f"sft_{number}")

    assert await counted.identified(somebody, "sft_good", "192.0.2.1") == "sft_good"
    assert await code_of(counted, "192.0.2.1", "sft_other") == "too_fast"


async def test_requests_without_an_address_are_not_counted() -> None:
    counted = UnknownCredentialLimiter(clock=Clock())

    assert {await code_of(counted, "") for _ in range(BURST * 2)} == {"unknown_key"}

"""Which keys were issued is read seldom, and tells good ones from guesses."""

import pytest

from sensorfusion.accounts.tries.issued import READ_EVERY_S
from sensorfusion.ingest.senders.issued_keys import IssuedKeys
from sensorfusion.readings.storage.connections import pool
from tests.ingest.conftest import change, read

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_issued_names_are_read_again_after_a_while(key: str) -> None:
    clock, connections = Clock(), pool()
    await connections.open()
    issued = IssuedKeys(connections, clock=clock)
    name = key.partition("-")[0]

    assert await issued.has(name)
    assert not await issued.has("sf_newnewne")
    change(f"UPDATE sensors_key SET prefix = 'sf_newnewne' WHERE prefix = '{name}'")
    assert not await issued.has("sf_newnewne")  # not a query for each
    clock.now = READ_EVERY_S
    assert await issued.has("sf_newnewne")

    change("UPDATE sensors_key SET revoked_at = now()")
    clock.now *= 2
    assert not await issued.has("sf_other000")
    assert not await issued.has("sf_newnewne")
    await connections.close()
    assert read("SELECT prefix FROM sensors_key") == ["sf_newnewne"]


async def test_a_token_is_told_from_a_guess(token: str) -> None:
    connections = pool()
    await connections.open()
    issued = IssuedKeys(connections, clock=Clock())

    assert await issued.has_token(token)
    assert not await issued.has_token(f"{token[:-1]}_")
    await connections.close()

"""What was issued is read seldom, on the event loop and in threads."""

import asyncio

from sensorfusion.accounts.tries.issued import READ_EVERY_S, Issued, IssuedInThreads


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_many_questions_at_once_are_one_reading() -> None:
    readings = 0

    async def read() -> list[str]:
        nonlocal readings
        readings += 1
        await asyncio.sleep(0)
        return ["good"]

    issued = Issued(read, clock=Clock())

    assert await asyncio.gather(*(issued.has(one) for one in ("good", "bad", "good"))) == [True, False, True]
    assert readings == 1


def test_threads_read_again_after_a_while() -> None:
    clock, there = Clock(), ["first"]
    issued = IssuedInThreads(lambda: list(there), clock=clock)

    assert issued.has("first")
    there.append("second")
    assert not issued.has("second")
    clock.now = READ_EVERY_S
    assert issued.has("second")
    issued.forget()
    there.clear()
    assert not issued.has("second")

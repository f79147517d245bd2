"""Carries what is sent on: HTTP as polls do, and lines over TCP; bounded, and not into private networks."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.ingest.polling.fetching import Fetcher, NoAnswer
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.send_on.attempts import Attempt
from sensorfusion.send_on.targets.target import Lines, Outgoing

WITHIN_S: Final = 10.0
CLOSED_WITHIN_S: Final = 2.0  # after the last line
# What is sent is wrong, and not the account or the moment.
UNUSABLE: Final = frozenset({400, 409, 413, 422})

_KEY_LOST: Final = gettext_noop(
    "its key cannot be read any more, because the server's secret key changed: add it again"
)

Carry = Callable[[Attempt], "Future[str]"]  # of what the network remarked, or of NotAccepted


def carrying(fetcher: Fetcher) -> Carry:
    """Carry by an event loop in a thread of its own, which does not hold up the end of the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="send on requests", daemon=True).start()

    def carry(attempt: Attempt) -> "Future[str]":
        return asyncio.run_coroutine_threadsafe(carried(attempt, fetcher), loop)

    return carry


async def carried(attempt: Attempt, fetcher: Fetcher) -> str:
    """Send all requests of an attempt, one after the other; return what the network remarked.

    :raises NotAccepted: with the reason to show, which holds no secret.
    """
    if attempt.account is None:
        raise NotAccepted(_KEY_LOST)
    remarks = []
    for each in attempt.target.write(attempt.planned.samples, attempt.account):
        try:
            answer = await _answer(each, fetcher)
        except NoAnswer as error:
            is_unusable = error.status in UNUSABLE
            raise NotAccepted(str(error), retry_after_s=error.retry_after_s, is_unusable=is_unusable) from None
        if why := attempt.target.refusal(answer):
            raise NotAccepted(why)
        remarks.append(attempt.target.remark(answer))
    return "; ".join(filter(None, remarks))


async def _answer(request: Outgoing, fetcher: Fetcher) -> str:
    if isinstance(request, Lines):
        return await _log_in_and_send(request, fetcher)
    if request.method == "GET":
        return (await fetcher.get(request.url, request.headers)).decode(errors="replace")
    return (await fetcher.post(request.url, request.headers, request.body)).decode(errors="replace")


async def _log_in_and_send(lines: Lines, fetcher: Fetcher) -> str:
    """Send lines to an APRS-IS server, and return what it answered to the login."""
    try:
        async with asyncio.timeout(WITHIN_S):
            address = await fetcher.address_of(lines.host, lines.port)
            reader, writer = await asyncio.open_connection(address, lines.port)
            try:
                return await _talk(lines, reader, writer)
            finally:
                writer.close()
    except TimeoutError:
        raise NoAnswer(f"no answer within {WITHIN_S:g} s") from None
    except ConnectionRefusedError:
        raise NoAnswer("connection refused") from None
    except (OSError, ValueError):
        raise NoAnswer("the connection was lost") from None


async def _talk(lines: Lines, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    greeting = await reader.readline()
    if not greeting.startswith(b"#"):
        raise NoAnswer(gettext_noop("it does not greet as an APRS server does"))
    writer.write(f"{lines.login}\r\n".encode("ascii"))
    await writer.drain()
    answer = (await reader.readline()).decode(errors="replace")
    if not answer:
        raise NoAnswer(gettext_noop("it closed the connection after the login"))
    writer.write("".join(f"{line}\r\n" for line in lines.lines).encode("ascii"))
    await writer.drain()
    writer.write_eof()
    try:
        async with asyncio.timeout(CLOSED_WITHIN_S):
            while await reader.read(1024):
                pass
    except TimeoutError:
        pass  # it keeps the connection; what was sent has been taken
    return answer

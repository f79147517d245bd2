"""Sends messages about alerts in a thread of every process; one of them sends at a time.

It keeps no connection: it takes one of Django's pool for each look, and the session's advisory lock with it. Requests
are made by an event loop in a thread of its own, which does not hold up the end of the process.
"""

import asyncio
import logging
import threading
from concurrent.futures import Future
from typing import Final

from django.db import connection, connections

from sensorfusion.alerts.messages.attempts import NotAccepted, Post
from sensorfusion.alerts.messages.channels.channel import Publish, Request
from sensorfusion.alerts.messages.sender import LOCK, LOOK_EVERY_S, SendAlerts
from sensorfusion.clock import Clock
from sensorfusion.config.env import Environment
from sensorfusion.ingest.polling.allowed_networks import allowed_networks
from sensorfusion.ingest.polling.fetching import Fetcher, NoAnswer
from sensorfusion.server.alerts.publishing import publish

RETRY_AFTER_S: Final = 10.0  # after an error, such as a database that is away
STOP_WITHIN_S: Final = 1.5  # a receiver that does not answer is left to the end of the process
SETTLE_WITHIN_S: Final = 1.0

_log = logging.getLogger(__name__)


class AlertSender:
    """The thread of one process."""

    def __init__(self, chore: SendAlerts) -> None:
        self._chore = chore
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="alert messages", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._chore.answered.set()
        if self._thread:
            self._thread.join(STOP_WITHIN_S)

    def step(self) -> bool:
        """Send once, if anything is due and no other process does; return whether more may be due.

        Answers that this process waits for are recorded by it in every case.
        """
        try:
            if not self._chore.is_due():
                return self._chore.settle()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
                if cursor.fetchone() != (True,):
                    return self._chore.settle()
                try:
                    return self._chore.step()
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        finally:
            connections.close_all()  # back to the pool

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._chore.answered.clear()
            try:
                pause_s = 0.0 if self.step() else LOOK_EVERY_S
            except Exception as error:  # as with every chore: it is tried again
                _log.warning("Messages about alerts are waiting: %s", str(error).strip())
                self._stopped.wait(RETRY_AFTER_S)
                continue
            self._chore.answered.wait(pause_s)
        self._end()

    def _end(self) -> None:
        """Record the answers that come soon, so that their messages are not sent again."""
        try:
            self._chore.settle(wait_s=SETTLE_WITHIN_S)
        except Exception as error:
            _log.warning("Messages about alerts may be sent again: %s", str(error).strip())
        finally:
            connections.close_all()


def alert_sender(environment: Environment, *, now: Clock) -> AlertSender:
    """Create the sender of one process."""
    fetcher = Fetcher(allowed=allowed_networks(environment.poll_allow_networks))
    return AlertSender(SendAlerts(posting(fetcher), now))


def posting(fetcher: Fetcher) -> Post:
    """Send as polls are sent: bounded in time and size, without redirects, and not into private networks."""
    loop = asyncio.new_event_loop()

    async def answer(request: Request | Publish) -> str:
        try:
            if isinstance(request, Publish):
                await publish(request, fetcher)
            else:
                await fetcher.post(request.url, request.headers, request.body)
        except NoAnswer as error:
            raise NotAccepted(str(error), retry_after_s=error.retry_after_s) from None
        return "accepted"

    def post(request: Request | Publish) -> "Future[str]":
        return asyncio.run_coroutine_threadsafe(answer(request), loop)

    threading.Thread(target=loop.run_forever, name="alert requests", daemon=True).start()
    return post

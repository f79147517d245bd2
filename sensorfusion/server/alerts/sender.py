"""Sends messages about alerts, in a thread of every process (`server/outbox.py`).

Requests are made by an event loop in a thread of its own, which does not hold up the end of the process.
"""

import asyncio
import threading
from concurrent.futures import Future

from sensorfusion.alerts.messages.attempts import Post, Sendable
from sensorfusion.alerts.messages.channels.channel import Publish
from sensorfusion.alerts.messages.sender import LOCK, SendAlerts
from sensorfusion.clock import Clock
from sensorfusion.config.env import Environment
from sensorfusion.ingest.polling.fetching import Fetcher, NoAnswer
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.apprise.running import Notification, notify
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.server.alerts.publishing import publish
from sensorfusion.server.outbox import OutboxSender


def alert_sender(environment: Environment, *, now: Clock) -> OutboxSender:
    """Create the sender of one process."""
    fetcher = Fetcher(allowed=allowed_networks(environment.poll_allow_networks))
    return OutboxSender(SendAlerts(posting(fetcher), now), lock=LOCK, name="alert messages")


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
            is_gone = error.status in (404, 410)
            raise NotAccepted(str(error), retry_after_s=error.retry_after_s, is_gone=is_gone) from None
        return "accepted"

    def post(request: Sendable) -> "Future[str]":
        if isinstance(request, Notification):
            return notifying(request, fetcher)
        return asyncio.run_coroutine_threadsafe(answer(request), loop)

    threading.Thread(target=loop.run_forever, name="alert requests", daemon=True).start()
    return post


def notifying(notification: Notification, fetcher: Fetcher) -> "Future[str]":
    """Notify on a thread of its own, which does not hold up the end of the process either."""
    done: Future[str] = Future()

    def run() -> None:
        try:
            notify(notification, allowed=map(str, fetcher.allowed))
            done.set_result("accepted")
        except Exception as error:  # recorded with the attempt
            done.set_exception(error)

    threading.Thread(target=run, name="alert by apprise", daemon=True).start()
    return done

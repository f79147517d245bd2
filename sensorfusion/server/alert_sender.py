"""The sender of messages about alerts, with the runner that makes it run in one process at a time."""

import asyncio
from typing import Final

from sensorfusion.alerts.messages.channels.channel import Request
from sensorfusion.alerts.messages.sender import LOCK, NotAccepted, Post, SendAlerts
from sensorfusion.clock import Clock
from sensorfusion.config.env import Environment
from sensorfusion.ingest.polling.allowed_networks import allowed_networks
from sensorfusion.ingest.polling.fetching import Fetcher, NoAnswer
from sensorfusion.readings.storage.chores import Runner

TAKES_OVER_WITHIN_S: Final = 3.0


def alert_sender(environment: Environment, *, now: Clock) -> Runner:
    """Create the runner of one process."""
    fetcher = Fetcher(allowed=allowed_networks(environment.poll_allow_networks))
    return Runner([SendAlerts(posting(fetcher), now)], lock=LOCK, look_every_s=TAKES_OVER_WITHIN_S)


def posting(fetcher: Fetcher) -> Post:
    """Send as polls are sent: bounded in time and size, without redirects, and not into private networks."""

    def post(request: Request) -> str:
        try:
            asyncio.run(fetcher.post(request.url, request.headers, request.body))
        except NoAnswer as error:
            raise NotAccepted(str(error), retry_after_s=error.retry_after_s) from None
        return "accepted"

    return post

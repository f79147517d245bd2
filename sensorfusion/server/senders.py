"""Plans and sends the deliveries of webhooks, in a thread of every process (`outbox.py`)."""

from sensorfusion.clock import Clock
from sensorfusion.config.env import Environment
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.server.alerts.sender import posting
from sensorfusion.server.outbox import OutboxSender
from sensorfusion.webhooks.sending import LOCK, SendDeliveries


def webhook_sender(environment: Environment, *, now: Clock) -> OutboxSender:
    """Create the sender of one process."""
    fetcher = Fetcher(allowed=allowed_networks(environment.poll_allow_networks))
    return OutboxSender(SendDeliveries(posting(fetcher), now), lock=LOCK, name="webhooks")

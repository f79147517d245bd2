"""Creates the senders of one process: of webhooks, and of what is sent on; each is a thread (`outbox.py`)."""

from sensorfusion.clock import Clock
from sensorfusion.config.env import Environment
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.send_on import sending as send_on
from sensorfusion.send_on.transport import carrying
from sensorfusion.server.alerts.sender import posting
from sensorfusion.server.outbox import OutboxSender
from sensorfusion.webhooks.sending import LOCK, SendDeliveries


def webhook_sender(environment: Environment, *, now: Clock) -> OutboxSender:
    """Create the sender of webhooks, which plans deliveries, too."""
    return OutboxSender(SendDeliveries(posting(_fetcher(environment)), now), lock=LOCK, name="webhooks")


def send_on_sender(environment: Environment, *, now: Clock) -> OutboxSender:
    """Create the sender of readings to networks."""
    return OutboxSender(send_on.SendOn(carrying(_fetcher(environment)), now), lock=send_on.LOCK, name="send on")


def _fetcher(environment: Environment) -> Fetcher:
    return Fetcher(allowed=allowed_networks(environment.poll_allow_networks))

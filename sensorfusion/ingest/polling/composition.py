"""Builds the poller of one process and its HTTP client, as the environment configures them."""

from django.conf import settings
from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.ingest.polling.poller import Poller
from sensorfusion.outgoing.allowed_networks import allowed_networks


def poller(pool: AsyncConnectionPool, pipeline: Pipeline, *, now: Clock) -> Poller:
    """Create the poller; it sends no requests before `start`."""
    return Poller(pool, pipeline, fetcher(), now=now)


def fetcher() -> Fetcher:
    """Create the HTTP client."""
    environment = settings.ENVIRONMENT
    return Fetcher(
        allowed=allowed_networks(environment.poll_allow_networks),
        openweathermap_key=environment.openweathermap_key,
    )

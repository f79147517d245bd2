"""The doors, the live stream: fixtures from their own packages' tests."""

from tests.ingest.conftest import key, server, token
from tests.live.conftest import platform

__all__ = ["key", "platform", "server", "token"]

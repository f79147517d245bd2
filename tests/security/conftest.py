"""The doors, the live stream and the cast, as the tests of their own packages have them."""

from tests.ingest.conftest import key, server
from tests.live.conftest import platform

__all__ = ["key", "platform", "server"]

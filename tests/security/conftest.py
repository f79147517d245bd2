"""The doors, the live stream and the cast: fixtures from their own packages' tests."""

from tests.accounts.conftest import no_attempts_yet
from tests.ingest.conftest import key, server
from tests.live.conftest import platform

__all__ = ["key", "no_attempts_yet", "platform", "server"]

"""User journeys from the first start on, with real processes, sockets and signals."""

from tests.crash.conftest import collected, data, directory, start

__all__ = ["collected", "data", "directory", "start"]

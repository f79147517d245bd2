"""A platform without HTTP server, for the sockets of shares; each test has all its requests."""

import pytest

from sensorfusion.sharing import rate_limit
from tests.live.conftest import platform as platform


@pytest.fixture(autouse=True)
def no_requests_so_far() -> None:
    rate_limit.REQUESTS.forget()

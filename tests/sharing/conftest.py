"""A platform without HTTP server, for the sockets of shares."""

from tests.live.conftest import platform as platform

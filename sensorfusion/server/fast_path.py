"""What the application tells its web server at startup: the addresses whose requests a door can answer by itself."""

from collections.abc import Awaitable, Callable
from typing import Final

from sensorfusion.ingest.doors.http import Headers, Response

# Answers a POST by its headers, its body and the network address it came from.
Door = Callable[[Headers, bytes, str], Awaitable[Response]]

# The member of the lifespan's state with the doors by their addresses.
DOORS: Final = "sensorfusion.doors"

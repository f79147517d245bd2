"""What the application passes to its web server at startup: the URLs whose requests a door can answer directly."""

from collections.abc import Awaitable, Callable
from typing import Final

from sensorfusion.ingest.doors.http import Headers, Response

# Answers a POST from its headers, its body and the client's network address.
Door = Callable[[Headers, bytes, str], Awaitable[Response]]

# Answers a POST from its headers and the client's network address alone; None if its body is to be read.
Refusal = Callable[[Headers, str], Awaitable[Response | None]]

# Keys of the doors and of their refusals, by URL, in the lifespan's state.
DOORS: Final = "sensorfusion.doors"
REFUSALS: Final = "sensorfusion.refusals"

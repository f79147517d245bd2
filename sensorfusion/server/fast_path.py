"""What the application passes to its web server at startup: the doors that can answer requests directly, by URL."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from sensorfusion.ingest.doors.http import Headers, Response

# Answers a request from its headers, its body and the client's network address.
Door = Callable[[Headers, bytes, str], Awaitable[Response]]

# Answers a POST from its headers and the client's network address alone; None if its body is to be read.
Refusal = Callable[[Headers, str], Awaitable[Response | None]]

# Keys of the doors for POST, their refusals, and the doors for GET, by URL, in the lifespan's state.
DOORS: Final = "sensorfusion.doors"
REFUSALS: Final = "sensorfusion.refusals"
GET_DOORS: Final = "sensorfusion.get_doors"


class ByUrl(Protocol):
    """Doors or refusals by URL."""

    def get(self, url: bytes, /) -> Any: ...

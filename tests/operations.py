"""Which operations of the API's description are views of Django; doors and probes have tests of their own."""

from typing import Any, Final

BESIDE_DJANGO: Final = {"doors", "probes", "stream"}  # their tags; see `sensorfusion.server.description`


def is_view(operation: dict[str, Any]) -> bool:
    """Return whether an operation is answered by a view of Django."""
    return not BESIDE_DJANGO & set(operation["tags"])

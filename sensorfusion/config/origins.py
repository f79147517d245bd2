"""CORS_ALLOWED_ORIGINS: the sites whose scripts may use the API, the doors and the sockets."""

from sensorfusion.config import hosts
from sensorfusion.domain.origins import WITHOUT_HOST, normal, origin_of


def checked_all(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return CORS_ALLOWED_ORIGINS in the form that they are compared in.

    :raises ValueError: if no browser sends one of them, with a phrase that says what to write.
    """
    return tuple(_checked(origin) for origin in values)


def _checked(origin: str) -> str:
    if origin == "*" or origin in WITHOUT_HOST:
        return origin
    if not (found := normal(origin)) or "*" in found:
        raise ValueError(f"has {origin!r}, which no browser sends: write {_instead(origin)}.")
    hosts.checked_all((hosts.of_url(found),))
    return found


def _instead(origin: str) -> str:
    try:
        meant = normal(origin_of(origin if "://" in origin else f"https://{origin}"))
    except ValueError:
        meant = ""
    if "*" in meant:
        return "each origin in full, or * for all"
    return f"scheme, host and perhaps a port, such as {meant or 'https://dash.example.org'}, or * for all"

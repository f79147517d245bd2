"""Parsing of the read API's query parameters; errors say which values are valid."""

from datetime import UTC, datetime
from typing import Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

QUANTITIES_MOST: Final = 32  # a chart card shows three; a page of small multiples requests all at once

FROM = OpenApiParameter("from", OpenApiTypes.STR, description="First instant: RFC 3339 or epoch seconds.")
TO = OpenApiParameter("to", OpenApiTypes.STR, description="End of the range, exclusive; default: now.")


def counted(name: str, description: str, *, least: int, most: int) -> OpenApiParameter:
    """Describe a parameter that `whole` parses."""
    return OpenApiParameter(name, {"type": "integer", "minimum": least, "maximum": most}, description=description)


def whole(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    """Parse an integer from `least` to `most`.

    :raises ValidationError: if it is not one.
    """
    text = request.query_params.get(name, "")
    if not text:
        return default
    if text.isdecimal() and text.isascii() and least <= int(text) <= most:
        return int(text)
    raise ValidationError({name: f"Give a whole number from {least} to {most}."})


def instant(request: Request, name: str) -> datetime | None:
    """Parse an instant; return None if the parameter is missing.

    :raises ValidationError: if it is invalid or has no time zone.
    """
    # A + that was not percent-encoded arrives as a space: 2026-11-22T06:00:00 01:00.
    text = request.query_params.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = _from_epoch(text) or datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise ValidationError({name: "Give RFC 3339 such as 2026-11-22T06:00:00Z, or epoch seconds."}) from None
    if found.tzinfo is None:
        raise ValidationError({name: "The time has no zone. End it with Z or an offset such as +01:00."})
    return found


def _from_epoch(text: str) -> datetime | None:
    return datetime.fromtimestamp(float(text), UTC) if text.lstrip("-").replace(".", "", 1).isdecimal() else None


def names(request: Request, name: str) -> list[str] | None:
    """Parse comma-separated names without duplicates; return None if the parameter is missing.

    :raises ValidationError: if there are too many.
    """
    asked = request.query_params.get(name, "")
    if not asked:
        return None
    found = list(dict.fromkeys(each.strip() for each in asked.split(",") if each.strip()))
    if not 1 <= len(found) <= QUANTITIES_MOST:
        raise ValidationError({name: f"Name 1 to {QUANTITIES_MOST} quantities, separated by commas."})
    return found


def one_of(request: Request, name: str, choices: tuple[str, ...]) -> str | None:
    """Parse one of `choices`; return None if the parameter is missing.

    :raises ValidationError: if it is none of them.
    """
    word = request.query_params.get(name, "")
    if word and word not in choices:
        raise ValidationError({name: f"Give one of {', '.join(choices)}, or leave it out."})
    return word or None

"""Finds the key in the places where existing clients put it: several headers, and fields of a query or a form."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qsl

from sensorfusion.domain.encodings import readable
from sensorfusion.domain.repeated import without_repeats
from sensorfusion.ingest.doors.door import Request
from sensorfusion.ingest.steps.refused import RequestRefused

MOST_FIELDS = 1_000
MOST_CHARACTERS = 100_000  # unquoting a text of percent signs takes a hundred times its size in memory


def from_header(request: Request) -> str:
    """Return the key from `Authorization: Bearer …`, `Token …`, `Token user:key`, or the password of `Basic …`."""
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    credential = credential.strip()
    match scheme.lower():
        case "bearer":
            return credential
        case "token":
            return credential.rpartition(":")[2]
        case "basic":
            return _password(credential)
        case _:
            return ""


def _password(credential: str) -> str:
    """Return the password of `Basic`, or the user if it is empty, because some clients have only one field."""
    try:
        decoded = base64.b64decode(credential, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return ""
    user, _, password = decoded.partition(":")
    return password or user


def fields_of(text: str) -> dict[str, str]:
    """Parse a query or a form; of a repeated field the last value counts.

    :raises RequestRefused: too_large.
    """
    return dict(_pairs(text))


def values_of(text: str) -> dict[str, object]:
    """Parse a query or a form that holds values; a field with two different ones is `Repeated`.

    :raises RequestRefused: too_large.
    """
    return without_repeats(_pairs(text))


def _pairs(text: str) -> list[tuple[str, str]]:
    if len(text) > MOST_CHARACTERS:
        raise RequestRefused("too_large", f"The fields have more than {MOST_CHARACTERS:,} characters.")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RequestRefused("too_large", f"The request has more than {MOST_FIELDS:,} fields.") from None
    return [(readable(name), readable(value).strip("\0")) for name, value in pairs]


def one_of(fields: Mapping[str, str], *names: str) -> str:
    """Return the first of the named fields that is not empty, ignoring the case of names."""
    folded = {name.lower(): value for name, value in reversed(list(fields.items())) if value}
    return next((folded[name] for name in names if name in folded), "")

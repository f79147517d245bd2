"""Paging by cursor: a page begins after the last object of the page before, whatever came or went in between.

A cursor holds the values of that object by which the list is ordered, signed, so that it is read as it was written. The
list is ordered by its query, whose last part makes the order of two objects certain.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

from django.core.signing import BadSignature, dumps, loads
from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError

PARAMETER: Final = "cursor"
START: Final = "start"
_SALT: Final = "sensorfusion.web.api.cursors"
_NONE: Final = Q(pk__in=())


def page_after(found: QuerySet[Any], *, cursor: str, size: int) -> tuple[list[Any], str | None]:
    """Return the objects after a cursor, and the cursor of the next page, None if there are no more.

    :raises ValidationError: if it is no cursor of this list in this order.
    """
    order = [str(each) for each in found.query.order_by]
    if cursor != START:
        found = found.filter(_after(order, _read(cursor, order)))
    page = list(found[: size + 1])
    return page[:size], _written(page[size - 1], order) if len(page) > size else None


def _written(last: Any, order: Sequence[str]) -> str:
    # A part may be of a related object, as `site__name` is.
    values = [reduce(getattr, name.removeprefix("-").split("__"), last) for name in order]
    return dumps([*order, *(each.isoformat() if hasattr(each, "isoformat") else each for each in values)], salt=_SALT)


def _read(cursor: str, order: Sequence[str]) -> list[Any]:
    try:
        read = loads(cursor, salt=_SALT)
    except BadSignature:
        read = []
    if read[: len(order)] != list(order):
        raise ValidationError({PARAMETER: f"This is no cursor of this list in this order. Begin with {START}."})
    return list(read[len(order) :])


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the condition that an object comes later: by the first part of the order in which it differs."""
    later, same = _NONE, Q()
    for name, value in zip(order, values, strict=True):
        later |= same & _beyond(name, value)
        plain = name.removeprefix("-")
        same &= Q(**{f"{plain}__isnull": True}) if value is None else Q(**{plain: value})
    return later


def _beyond(name: str, value: Any) -> Q:
    """Return the condition of one part. PostgreSQL has nulls last, or first in descending order."""
    plain, is_descending = name.removeprefix("-"), name.startswith("-")
    if value is None:
        return Q(**{f"{plain}__isnull": False}) if is_descending else _NONE
    if is_descending:
        return Q(**{f"{plain}__lt": value})
    return Q(**{f"{plain}__gt": value}) | Q(**{f"{plain}__isnull": True})

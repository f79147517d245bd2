"""Columns of values as PostgreSQL's binary arrays, of which it takes over numbers and instants as they are.

An array is a head (dimensions, whether there may be nulls, the type of the elements, how many, the first index) and its
elements, each with its length in front (PostgreSQL, src/backend/utils/adt/arrayfuncs.c, `array_recv`).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct

# Types by their numbers in pg_type, which never change.
_INT4, _INT8, _TIMESTAMPTZ, _JSONB = 23, 20, 1184, 3802
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_head = Struct(">iiIii").pack
_int4 = Struct(">ii").pack
_int8 = Struct(">iq").pack
_document = Struct(">iB").pack  # jsonb begins with the version of its form, which is 1
_NULL = Struct(">i").pack(-1)


def integers(values: Sequence[int]) -> bytes:
    """Write an int[]."""
    return _array(_INT4, len(values), [_int4(4, value) for value in values])


def bigints(values: Sequence[int]) -> bytes:
    """Write a bigint[]."""
    return _array(_INT8, len(values), [_int8(8, value) for value in values])


def instants(values: Sequence[datetime | None]) -> bytes:
    """Write a timestamptz[] of aware instants, to the microsecond."""
    return _array(
        _TIMESTAMPTZ,
        len(values),
        [_NULL if value is None else _int8(8, (value - _EPOCH) // _MICROSECOND) for value in values],
    )


def documents(values: Sequence[bytes | None]) -> bytes:
    """Write a jsonb[] of JSON texts."""
    return _array(
        _JSONB, len(values), [_NULL if value is None else _document(len(value) + 1, 1) + value for value in values]
    )


def _array(type_: int, count: int, elements: Iterable[bytes]) -> bytes:
    return _head(1, 1, type_, count, 1) + b"".join(elements)

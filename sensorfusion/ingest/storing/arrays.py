"""Encodes columns of values as binary PostgreSQL arrays, whose numbers and instants the server reads without parsing.

An array is a header (dimensions, whether it may hold nulls, element type, length, first index) and its elements, each
prefixed with its length (PostgreSQL, src/backend/utils/adt/arrayfuncs.c, `array_recv`).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct

# OIDs in pg_type; they are fixed.
_INT4, _INT8, _TIMESTAMPTZ, _JSONB = 23, 20, 1184, 3802
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_head = Struct(">iiIii").pack
_int4 = Struct(">ii").pack
_int8 = Struct(">iq").pack
_document = Struct(">iB").pack  # jsonb starts with its format version, which is 1
_NULL = Struct(">i").pack(-1)


def integers(values: Sequence[int]) -> bytes:
    """Encode an int[]."""
    return _array(_INT4, len(values), [_int4(4, value) for value in values])


def bigints(values: Sequence[int]) -> bytes:
    """Encode a bigint[]."""
    return _array(_INT8, len(values), [_int8(8, value) for value in values])


def instants(values: Sequence[datetime | None]) -> bytes:
    """Encode a timestamptz[] of aware instants, in microseconds."""
    return _array(
        _TIMESTAMPTZ,
        len(values),
        [_NULL if value is None else _int8(8, (value - _EPOCH) // _MICROSECOND) for value in values],
    )


def documents(values: Sequence[bytes | None]) -> bytes:
    """Encode a jsonb[] of JSON texts."""
    return _array(
        _JSONB, len(values), [_NULL if value is None else _document(len(value) + 1, 1) + value for value in values]
    )


def _array(type_: int, count: int, elements: Iterable[bytes]) -> bytes:
    return _head(1, 1, type_, count, 1) + b"".join(elements)

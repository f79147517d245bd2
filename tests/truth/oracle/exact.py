"""Sums and means of numbers as they were written: those of −7.6 and 7.6 are 0, without the noise of floating point."""

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import Final

MANY: Final = Context(prec=60)


def total(values: Iterable[float]) -> float:
    return float(_total([Decimal(repr(value)) for value in values]))


def mean(values: Iterable[float]) -> float:
    written = [Decimal(repr(value)) for value in values]
    return float(MANY.divide(_total(written), Decimal(len(written))))


def deviation(values: Iterable[float]) -> float:
    """Return the standard deviation of a population."""
    written = [Decimal(repr(value)) for value in values]
    middle = MANY.divide(_total(written), Decimal(len(written)))
    squares = [MANY.power(MANY.subtract(value, middle), 2) for value in written]
    return float(MANY.sqrt(MANY.divide(_total(squares), Decimal(len(written)))))


def _total(written: Iterable[Decimal]) -> Decimal:
    found = Decimal(0)
    for each in written:
        found = MANY.add(found, each)
    return found

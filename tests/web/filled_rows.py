"""Fills every editable column of a row, so that a page that drops one is detected."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import models

_TEXT = "Filled"
_NUMBER = 7  # within the bounds of every number we store: an hour, months, seconds, degrees, metres


def filled(row: models.Model, **known: Any) -> None:
    """Save the row with a value other than the default in each column.

    `known` has the values that cannot be derived from the column. A column added to the model is filled without a
    change here.
    """
    for column in row._meta.concrete_fields:
        if column.name in known:
            setattr(row, column.name, known[column.name])
        elif column.editable and not column.primary_key and not column.is_relation:
            setattr(row, column.name, _other_than_default(column))
    row.save()


def _other_than_default(column: "models.Field[Any, Any]") -> object:
    default = column.get_default()
    if column.choices:
        return next(value for value, _ in reversed(list(column.flatchoices)) if value != default)
    match column:
        case models.BooleanField():
            return not default
        case models.CharField() | models.TextField():
            return _TEXT
        case models.IntegerField() | models.FloatField():
            return _NUMBER
        case models.DateTimeField():
            return datetime(2024, 2, 29, 12, tzinfo=UTC)
        case models.DateField():
            return date(2024, 2, 29)
    raise AssertionError(f"say what {column} is filled with")

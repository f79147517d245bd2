"""Options of commands that are declared with the field they fill (`domain.fields`)."""

from argparse import ArgumentParser
from typing import Any

from django.db import models

from sensorfusion.domain.fields import Field


def add_option(
    parser: ArgumentParser, model: type[models.Model], name: str, field: Field, *, required: bool = False
) -> None:
    """Add the option of a field, with the choices, the type and the default of its column."""
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    kind: dict[str, Any] = {"type": float} if isinstance(column, models.FloatField) else {}
    if column.choices:
        kind["choices"] = [value for value, _ in column.flatchoices]
    if not required:
        kind["default"] = column.get_default()
    parser.add_argument(field.option, dest=name, required=required, help=field.option_help, **kind)

"""Columns that hold the folding of another one, with which texts are compared and kept unique."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.domain.texts.folding import fold

# Rows that were alike when the column was added keep apart by this sign and their id. No text folds to it.
TWIN = "\x1f"


class FoldedField(models.TextField):  # type: ignore[type-arg]  # generic in its stubs only
    """The folding of the column `of`; written with every row that is saved, never by hand."""

    @staticmethod
    def folded(text: str) -> str:
        return fold(text)

    def __init__(self, *arguments: Any, of: str = "", **options: Any) -> None:
        self.of = of
        options |= {"editable": False, "default": "", "db_default": ""}
        super().__init__(*arguments, **options)

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = self.folded(getattr(model_instance, self.of))
        kept: str = getattr(model_instance, self.attname)
        value = kept if kept.startswith(folded + TWIN) else folded
        setattr(model_instance, self.attname, value)
        return value


class EmailKeyField(FoldedField):
    """The e-mail address in the column `of`, for comparison."""

    @staticmethod
    def folded(text: str) -> str:
        return email_key(text)


def with_foldings(model: type[models.Model], names: Iterable[str]) -> list[str]:
    """Return the columns to save if these change: they and their foldings."""
    changed = list(names)
    foldings = (column for column in model._meta.concrete_fields if isinstance(column, FoldedField))
    return [*changed, *(column.name for column in foldings if column.of in changed)]

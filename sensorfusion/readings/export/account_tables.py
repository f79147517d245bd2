"""The tables that hold something about a person, found by their columns, so that a new one is in the archive by itself.

A table is about an operator if a column refers to operators. What is known of a person by the address only is in
`BY_ADDRESS`. Columns whose names speak of secrets are left out, and binary ones, which are digests.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from sensorfusion.accounts.addresses.proof import is_known
from sensorfusion.accounts.folding import FoldedField
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.sensors.models import Site

# Tables with rows about an address, and the column with which it is compared.
BY_ADDRESS: Final = {
    "accounts.Invitation": "email_key",
    "mail.OutboxMessage": "recipient_key",
    "sensors.SensorOffer": "email_key",
}
_SECRET: Final = re.compile(r"(^|_)(password|secret|digest|hash|seed|key|token|data)(_|$)")
_ACCOUNT: Final = "account"
_SITES: Final = "sites-owned"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an archive."""

    name: str
    model: type[models.Model]
    rows: QuerySet[Any]

    def described(self, operator: Operator) -> Iterator[Row]:
        """Yield the rows that are about the operator, without secrets, in the order in which they were written."""
        columns = shown_columns(self.model)
        several = self.model._meta.many_to_many
        related = [each.name for each in columns if each.is_relation and each.related_model is not Operator]
        for row in (
            self.rows.select_related(*related)
            .prefetch_related(*(each.name for each in several))
            .order_by("pk")
            .iterator(chunk_size=1000)
        ):
            told = {each.name: _value(row, each, operator) for each in columns}
            yield told | {each.name: [_named(one) for one in getattr(row, each.name).all()] for each in several}


def tables_of(operator: Operator) -> list[Table]:
    """Return the operator's account, the sites that it owns, and every table with rows about it."""
    owned = Site.objects.filter(rights__operator=operator, rights__may_own=True)
    found = [Table(_ACCOUNT, Operator, Operator.objects.filter(pk=operator.pk)), Table(_SITES, Site, owned)]
    for model in about_people():
        by_address = BY_ADDRESS.get(model._meta.label)
        wanted = Q(*[(column.name, operator) for column in people_in(model)], _connector=Q.OR)
        # An address that was not proved may be another person's, and so may be what was sent to it.
        if by_address and is_known(operator):
            wanted |= Q((by_address, email_key(operator.email)))
        if wanted:
            found.append(Table(name_of(model), model, model._default_manager.filter(wanted)))
    return found


def about_people() -> list[type[models.Model]]:
    """Return the models of every table that refers to operators, or is about an address; views repeat tables."""
    every = apps.get_models(include_auto_created=True)
    return [each for each in every if each._meta.managed and (people_in(each) or each._meta.label in BY_ADDRESS)]


def people_in(model: type[models.Model]) -> list[Any]:
    """Return the columns that refer to operators."""
    return [each for each in model._meta.concrete_fields if each.is_relation and each.related_model is Operator]


def shown_columns(model: type[models.Model]) -> list[Any]:
    """Return the columns of a table that an archive holds."""
    return [
        each
        for each in model._meta.concrete_fields
        if not isinstance(each, models.BinaryField | FoldedField | models.AutoField) and not _SECRET.search(each.name)
    ]


def name_of(model: type[models.Model]) -> str:
    """Return the name of a table's files."""
    return f"{model._meta.app_label}-{slugify(str(model._meta.verbose_name))}"


def _value(row: models.Model, column: Any, operator: Operator) -> Any:
    value = getattr(row, column.attname)
    if value is None or not column.is_relation:
        return without_credentials(value) if isinstance(value, str) else value
    if column.related_model is Operator:
        return operator.email if value == operator.pk else None  # who else it was is not about this person
    return _named(getattr(row, column.name))


def _named(row: models.Model) -> str:
    return f"{row} {getattr(row, 'uuid', '')}".strip()


def without_credentials(text: str) -> str:
    """Return text; of an address of the web, where paths and queries hold keys, only the host."""
    if "://" not in text or " " in text:
        return text
    try:
        return f"{urlsplit(text).scheme}://{urlsplit(text).hostname or ''}"
    except ValueError:
        return ""

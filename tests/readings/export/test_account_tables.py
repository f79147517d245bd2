"""No table about people is left out of their archive: the models are walked."""

import pytest
from django.apps import apps
from django.db import models

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.export.account_tables import (
    BY_ADDRESS,
    about_people,
    name_of,
    shown_columns,
    tables_of,
    without_credentials,
)
from tests.conftest import Cast

# Columns with an address that is another person's, or repeats that of the row's operator.
_OF_OTHERS = {
    *("accounts.Operator.email", "accounts.Operator.trusted_email"),  # the account itself
    *("accounts.AddressChange.before", "accounts.AddressChange.email"),
    "account.EmailAddress.email",  # django-allauth's, and empty
    "accounts.SignUpInvitation.email",  # refers to the account that it made
    "accounts.PendingAccount.email",  # not an account yet, and gone after a day
}


def every_model() -> list[type[models.Model]]:
    return [each for each in apps.get_models(include_auto_created=True) if each._meta.managed]


def test_every_table_that_refers_to_operators_is_in_the_archive(cast: Cast) -> None:
    archived = {each.model for each in tables_of(cast.owner)}

    referring = {
        model
        for model in every_model()
        for column in model._meta.get_fields()
        if column.concrete and column.is_relation and column.related_model is Operator
    }
    assert referring > {apps.get_model("readings.Note"), apps.get_model("accounts.AuditEntry")}
    assert referring <= archived


def test_every_column_with_an_address_is_accounted_for() -> None:
    """A new column fails here until it is in BY_ADDRESS, or known to be another person's."""
    known = {f"{label}.{column.removesuffix('_key')}" for label, column in BY_ADDRESS.items()} | _OF_OTHERS
    found = {
        f"{model._meta.label}.{column.name}"
        for model in every_model()
        for column in model._meta.concrete_fields
        if isinstance(column, models.EmailField) and not column.name.endswith("_key")
    }

    assert found == known


def test_every_table_has_files_of_its_own() -> None:
    names = [name_of(model) for model in about_people()]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("model", about_people(), ids=lambda model: model._meta.label)
def test_no_column_with_a_secret_is_shown(model: type[models.Model]) -> None:
    shown = {column.name for column in shown_columns(model)}

    assert not shown & {"password", "secret", "old_secret", "digest", "seed", "data", "session_key", "broker_hash"}
    assert not any(isinstance(column, models.BinaryField) for column in shown_columns(model))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://me:geheim@hook.test:8443/geheim?key=geheim", "https://hook.test"),
        ("tgram://123:geheim/chat", "tgram://123"),
        ("Frost: see https://example.org/a", "Frost: see https://example.org/a"),
        ("plain", "plain"),
        ("http://[geheim", ""),
    ],
)
def test_addresses_of_the_web_are_told_without_credentials(text: str, told: str) -> None:
    assert without_credentials(text) == told

"""Every text that must be unique is compared in one way: as the bytes it is, with a reason, or by its folding."""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models.functions import Lower, Upper

from sensorfusion.accounts.folding import FoldedField

AS_BYTES: Final = {
    "accounts.ApiToken.digest": "a hash",
    "accounts.KeptAnswer.key_digest": "a hash",
    "accounts.KnownNetwork.account": "a hash of the address (accounts.attempts)",
    "accounts.KnownNetwork.network": "a hash",
    "accounts.Operator.email": "as it is shown; email_key compares",
    "ingest.Mapping.fingerprint": "a hash",
    "ingest.Mapping.name": "the owner's own label of a mapping; of two, the later one keeps it",
    "readings.QuantityName.name": "names of quantities are stored in lower case (domain.normalise)",
    "report_mail.ReportSubscription.every": "one of three words",
    "sensors.Console.digest": "a hash",
    "sensors.Key.digest": "a hash",
    "sensors.Key.prefix": "made by the server, in lower case",
    "sensors.Notice.code": "of the table of errors",
    "sensors.Notice.subject": "as the device wrote it: two spellings are two notices; subject_folded compares",
    "sensors.Provisioning.key": "made by the server",
    "sensors.Sensor.external_id": "as it is shown; external_id_folded compares",
    "sensors.Sensor.name": "as it is shown; name_folded compares",
    "sensors.SourceField.quantity": "names of quantities are stored in lower case (domain.normalise)",
    "sensors.SourceField.source": "as the device wrote it: fields of a device may differ in case only",
    "sensors.UnclaimedConsole.digest": "a hash",
    "sharing.Screen.code": "made by the server, of capital letters and digits",
    "sharing.Screen.digest": "a hash",
    "sharing.Share.digest": "a hash",
    "sharing.SiteShare.digest": "a hash",
    "sharing.SiteShare.slug": "small letters, digits and hyphens only",
    "sensors.UnknownName.name": "as the gateway wrote it; name_folded compares",
    "webhooks.Delivery.about": "made by the server: a kind, and an id or an instant",
}


def ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith("sensorfusion."))


def unique_columns(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield from (model._meta.get_field(name) for name in constraint.fields)  # type: ignore[misc]
    yield from (column for column in model._meta.concrete_fields if column.unique and not column.primary_key)


def is_text(column: "models.Field[Any, Any]") -> bool:
    return isinstance(column, models.CharField | models.TextField | models.BinaryField)


def test_every_unique_text_is_a_folding_or_says_why_not() -> None:
    bare = {
        f"{model._meta.app_label}.{model.__name__}.{column.name}"
        for model in ours()
        for column in unique_columns(model)
        if is_text(column) and not isinstance(column, FoldedField)
    }

    assert bare == AS_BYTES.keys()


def test_no_constraint_folds_in_sql() -> None:
    for model in ours():
        for constraint in model._meta.constraints:
            expressions = getattr(constraint, "expressions", ())
            assert not [each for each in expressions if isinstance(each, Lower | Upper)], model


def test_every_folding_is_of_a_column_of_its_model() -> None:
    foldings = [(model, column) for model in ours() for column in model._meta.fields if isinstance(column, FoldedField)]

    assert {model._meta.get_field(column.of).name for model, column in foldings} >= {"email", "name", "external_id"}
    for model, column in foldings:
        written = model(**{column.of: "ADMıN ſusan"})
        assert column.pre_save(written, True) == "admin susan"

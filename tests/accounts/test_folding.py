"""Foldings are stored with every row, and accounts that were twins before are kept apart by the migration."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from sensorfusion.accounts.folding import TWIN, with_foldings
from sensorfusion.accounts.models import ApiToken, Operator, TokenScope
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.services import issue_token, make_operator, sign_in
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.services import update_sensor
from tests.clients import NOW, anybody
from tests.conftest import PASSWORD, Cast

accounts_migration = import_module("sensorfusion.accounts.migrations.0002_email_keys_and_scopes")
sensors_migration = import_module("sensorfusion.sensors.migrations.0015_foldings")


@pytest.mark.parametrize("email", ["admın@example.org", "ſusan@example.org", "józef@example.org"])
def test_letters_that_look_like_others_make_no_account(db: None, email: str) -> None:
    answer = anybody().post("/api/v1/auth/register/", {"email": email, "password": "three unrelated words"})

    assert answer.status_code == 400
    assert answer.json()["fields"].keys() == {"email"}
    with pytest.raises(ValidationError):
        make_operator(email=email, password="three unrelated words", name="", now=NOW)
    assert not Operator.objects.exists()


@pytest.mark.parametrize("email", ["OWNER@example.org", "owner@EXAMPLE.ORG", " Owner@Example.org"])
def test_another_spelling_of_an_address_is_taken(cast: Cast, email: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make_operator(email=email, password="three unrelated words", name="", now=NOW)

    assert refusal.value.code == "email_taken"
    assert operator_by_email(email) == cast.owner
    assert sign_in(email=email, password=PASSWORD, now=NOW).token.operator == cast.owner


def test_the_folding_is_saved_with_its_column(cast: Cast) -> None:
    assert with_foldings(Sensor, ["name", "model"]) == ["name", "model", "name_folded"]
    assert with_foldings(Sensor, ["model"]) == ["model"]

    update_sensor(by=cast.owner, sensor=cast.sensor, name="Roof ſtation", external_id="EUI-1")

    stored = Sensor.objects.get(pk=cast.sensor.pk)
    assert (stored.name_folded, stored.external_id_folded) == ("roof station", "eui-1")


def test_names_of_a_site_differ_in_more_than_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Sensor.objects.create(site=cast.site, name="ORCHARD ſtation")
    Sensor.objects.create(site=cast.other_site, name="ORCHARD ſtation")


def test_of_old_twins_the_plain_account_keeps_its_sign_in(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_operator DROP CONSTRAINT operator_email_key_once")
    Operator.objects.update(email_key="")
    twin = Operator.objects.create_user("x@example.org", PASSWORD)
    Operator.objects.filter(pk=cast.owner.pk).update(email="susan@example.org")
    Operator.objects.filter(pk=twin.pk).update(email="ſusan@example.org", email_key="")
    monkeypatch.setattr("sensorfusion.config.settings.LOGGING", {})
    accounts_migration._log.propagate = True

    accounts_migration.give_keys(apps, None)

    twin.refresh_from_db()
    assert operator_by_email("SUSAN@example.org") == cast.owner
    assert not twin.is_active
    assert TWIN in twin.email_key
    assert Operator.objects.values("email_key").distinct().count() == Operator.objects.count()
    twin.save()
    assert TWIN in Operator.objects.get(pk=twin.pk).email_key, "a later save does not claim the address"


def test_old_tokens_keep_what_they_could_do(cast: Cast) -> None:
    own, editing = (issue_token(operator=each, label="", now=NOW).token for each in (cast.owner, cast.editor))
    ApiToken.objects.update(scope="write")

    accounts_migration.widen_scopes(apps, None)
    accounts_migration.bind_tokens_of_editors(apps, None)

    own.refresh_from_db()
    editing.refresh_from_db()
    assert (own.scope, own.is_bound) == (TokenScope.ADMINISTER, False)
    assert (editing.scope, editing.is_bound) == (TokenScope.ADMINISTER, True)
    assert list(editing.sites.all()) == [cast.site]


def test_old_sensors_that_differ_in_case_only_keep_their_names(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX sensor_name_folded_once_per_site")
    second = Sensor.objects.create(site=cast.site, name="ORCHARD STATION")

    sensors_migration.fold_sensors(apps, None)

    cast.sensor.refresh_from_db()
    second.refresh_from_db()
    assert (cast.sensor.name_folded, second.name) == ("orchard station", "ORCHARD STATION")
    assert second.name_folded == f"orchard station{TWIN}{second.pk}"

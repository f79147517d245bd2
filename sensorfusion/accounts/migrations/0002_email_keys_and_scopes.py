"""Gives every account the key by which its address is compared, and tokens their new scopes and sites.

Two accounts may have addresses that are one for people: of them the one in plain ASCII, else the oldest, keeps its
sign-in. The others are deactivated, with a line in the log; an administrator can give them another address.

Tokens that could write could do everything, and go on doing so: they get the scope `administer`. Names that gateways
send are from now on those of sites that the operator owns. Tokens of operators who only edit sites of others are bound
to these sites, so that their gateways go on; nothing of their own could be diverted.
"""

import logging

import sensorfusion.accounts.folding
from django.db import migrations, models
from django.db.models import Exists, OuterRef

from sensorfusion.accounts.folding import TWIN
from sensorfusion.domain.texts.email_addresses import email_key

_log = logging.getLogger("sensorfusion.accounts")


def give_keys(apps, schema_editor):
    operators = apps.get_model("accounts", "Operator").objects
    taken = set()
    for operator in sorted(operators.all(), key=lambda each: (not each.email.isascii(), each.pk)):
        key, changes = email_key(operator.email), {}
        if key in taken:
            _log.warning("The account %s has the address of another one, and is deactivated.", ascii(operator.email))
            key, changes = f"{key}{TWIN}{operator.pk}", {"is_active": False}
        taken.add(key)
        operators.filter(pk=operator.pk).update(email_key=key, **changes)


def widen_scopes(apps, schema_editor):
    tokens = apps.get_model("accounts", "ApiToken").objects
    tokens.filter(scope="write").update(scope="administer")


def narrow_scopes(apps, schema_editor):
    tokens = apps.get_model("accounts", "ApiToken").objects
    tokens.filter(scope__in=("send", "write")).delete()
    tokens.filter(scope="administer").update(scope="write")


def bind_tokens_of_editors(apps, schema_editor):
    members = apps.get_model("accounts", "Membership").objects
    sensors = apps.get_model("sensors", "Sensor").objects
    owned = members.filter(operator=OuterRef("operator"), role="owner")
    with_own_sensors = owned.filter(Exists(sensors.filter(site=OuterRef("site"))))
    tokens = apps.get_model("accounts", "ApiToken").objects.filter(scope="administer")
    for token in tokens.exclude(Exists(with_own_sensors)):
        sites = list(members.filter(operator=token.operator_id, role__in=("owner", "editor")).values_list("site", "role"))
        if any(role == "editor" for _, role in sites):
            token.sites.set([site for site, _ in sites])
            token.is_bound = True
            token.save(update_fields=["is_bound"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("sensors", "0014_source_fields_and_notices"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="operator", name="operator_email_once"),
        migrations.AddField(
            model_name="operator",
            name="email_key",
            field=sensorfusion.accounts.folding.EmailKeyField(db_default="", default="", editable=False, of="email"),
        ),
        migrations.AddField(
            model_name="apitoken", name="is_bound", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            model_name="apitoken",
            name="sites",
            field=models.ManyToManyField(blank=True, related_name="+", to="sensors.site"),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="scope",
            field=models.CharField(
                choices=[
                    ("read", "Read"),
                    ("send", "Send readings"),
                    ("write", "Read, send and change sensors"),
                    ("administer", "Everything that you may"),
                ],
                default="write",
                max_length=10,
            ),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(widen_scopes, narrow_scopes, elidable=True),
        migrations.RunPython(bind_tokens_of_editors, migrations.RunPython.noop, elidable=True),
    ]

"""Stores the folding of names that are compared without case: see `domain.texts.folding`.

Sensors of one site whose names were told apart by case only keep their names, and are found by them as they are
written; only the oldest is also found by other spellings. The log names the others.
"""

import logging

import sensorfusion.accounts.folding
from django.db import migrations

from sensorfusion.accounts.folding import TWIN
from sensorfusion.domain.texts.folding import fold

_log = logging.getLogger("sensorfusion.sensors")


def fold_sensors(apps, schema_editor):
    sensors = apps.get_model("sensors", "Sensor").objects
    for column in ("name", "external_id"):
        taken = set()
        for pk, site, text in sensors.order_by("pk").values_list("pk", "site", column):
            folded = fold(text)
            if folded and (site, folded) in taken:
                _log.warning("The %s %s occurs twice at its site but for its case.", column, ascii(text))
                folded = f"{folded}{TWIN}{pk}"
            taken.add((site, folded))
            sensors.filter(pk=pk).update(**{f"{column}_folded": folded})


def fold_others(apps, schema_editor):
    for model, column in (("UnknownName", "name"), ("Notice", "subject")):
        rows = apps.get_model("sensors", model).objects
        for pk, text in rows.values_list("pk", column):
            rows.filter(pk=pk).update(**{f"{column}_folded": fold(text)})


def _folding(of):
    return sensorfusion.accounts.folding.FoldedField(db_default="", default="", editable=False, of=of)


class Migration(migrations.Migration):
    dependencies = [
        ("sensors", "0014_source_fields_and_notices"),
    ]

    operations = [
        migrations.AddField(model_name="sensor", name="name_folded", field=_folding("name")),
        migrations.AddField(model_name="sensor", name="external_id_folded", field=_folding("external_id")),
        migrations.AddField(model_name="unknownname", name="name_folded", field=_folding("name")),
        migrations.AddField(model_name="notice", name="subject_folded", field=_folding("subject")),
        migrations.RunPython(fold_sensors, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(fold_others, migrations.RunPython.noop, elidable=True),
    ]

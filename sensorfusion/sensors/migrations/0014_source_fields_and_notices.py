"""Remember which field of a device feeds which quantity, what was not understood, and the offset of zoneless clocks."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("sensors", "0013_names_of_a_device")]

    operations = [
        migrations.AddField("sensor", "utc_offset_s", models.IntegerField(editable=False, null=True)),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", _ID),
                ("code", models.CharField(max_length=32)),
                ("subject", models.CharField(max_length=200)),
                ("detail", models.CharField(max_length=500)),
                ("count", models.BigIntegerField(default=1)),
                ("first_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "sensor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="sensors.sensor",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="sensors.site",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sensor__isnull", False)),
                        fields=("sensor", "code", "subject"),
                        name="notice_once_per_sensor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sensor__isnull", True)),
                        fields=("site", "code", "subject"),
                        name="notice_once_per_site",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sensor__isnull", False), ("site__isnull", False), _connector="OR"),
                        name="notice_has_an_owner",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="SourceField",
            fields=[
                ("id", _ID),
                ("source", models.CharField(max_length=200)),
                ("quantity", models.CharField(max_length=64)),
                ("label", models.CharField(blank=True, default="", max_length=200)),
                ("first_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="source_fields", to="sensors.sensor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("sensor", "source"),
                        name="source_field_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("quantity", ""), _negated=True),
                        fields=("sensor", "quantity"),
                        name="source_field_of_quantity",
                    ),
                ]
            },
        ),
    ]

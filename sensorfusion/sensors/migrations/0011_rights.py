import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE VIEW site_right AS
SELECT member.id, member.operator_id, member.site_id, member.role,
       member.role IN ('owner', 'editor') AS may_edit, member.role = 'owner' AS may_own
FROM accounts_membership AS member
JOIN accounts_operator AS operator ON operator.id = member.operator_id AND operator.is_active;

CREATE VIEW sensor_right AS
SELECT site.operator_id, sensor.id AS sensor_id, sensor.uuid AS sensor_uuid, site.role, site.may_edit, site.may_own
FROM site_right AS site JOIN sensors_sensor AS sensor ON sensor.site_id = site.site_id;
"""
DROP = "DROP VIEW sensor_right; DROP VIEW site_right"

_ROLE = models.CharField(
    choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")], max_length=6
)


def _of(model):
    return models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="rights", to=model)


def _operator():
    return models.ForeignKey(
        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("sensors", "0010_words_of_the_field"),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.CreateModel(
            name="SiteRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", _ROLE),
                ("may_edit", models.BooleanField(help_text="May change the site's sensors: owners and editors.")),
                ("may_own", models.BooleanField(help_text="May change the members and delete the site: owners.")),
                ("operator", _operator()),
                ("site", _of("sensors.site")),
            ],
            options={"db_table": "site_right", "managed": False},
        ),
        migrations.CreateModel(
            name="SensorRight",
            fields=[
                ("pk", models.CompositePrimaryKey("operator_id", "sensor_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("sensor_uuid", models.UUIDField()),
                ("role", _ROLE),
                ("may_edit", models.BooleanField()),
                ("may_own", models.BooleanField()),
                ("operator", _operator()),
                ("sensor", _of("sensors.sensor")),
            ],
            options={"db_table": "sensor_right", "managed": False},
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the data's own migration: PostgreSQL refuses to alter a table with changed rows pending."""

    dependencies = [
        ("sensors", "0015_foldings"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="sensor",
            constraint=models.UniqueConstraint(
                condition=models.Q(("name_folded", ""), _negated=True),
                fields=("site", "name_folded"),
                name="sensor_name_folded_once_per_site",
            ),
        ),
        migrations.AddConstraint(
            model_name="sensor",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id_folded", ""), _negated=True),
                fields=("site", "external_id_folded"),
                name="sensor_external_id_folded_once",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the data's own migration: PostgreSQL refuses to alter a table with changed rows pending."""

    dependencies = [
        ("accounts", "0002_email_keys_and_scopes"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.UniqueConstraint(fields=("email_key",), name="operator_email_key_once"),
        ),
    ]

"""Counts the readings of an import beside its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="fileimport",
            name="readings",
            field=models.BigIntegerField(default=0, help_text="How many readings the usable rows are of."),
        ),
    ]

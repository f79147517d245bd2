"""Rename the mapping of a device's own names from `paths` to `names`; PostgreSQL changes the catalogue only."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sensors", "0012_sensor_of_right")]

    operations = [migrations.RenameField("sensor", "paths", "names")]

from django.db import migrations

# `sensor` is the whole row of the table, of which a query reads the columns it needs. To join the table again would
# scan it twice in PostgreSQL before 18; a list of columns would keep later migrations from changing their types.
REPLACE = """
CREATE OR REPLACE VIEW sensor_right AS
SELECT site.operator_id, sensor.id AS sensor_id, sensor.uuid AS sensor_uuid, site.role, site.may_edit, site.may_own,
       sensor
FROM site_right AS site JOIN sensors_sensor AS sensor ON sensor.site_id = site.site_id;
"""
# A view can be replaced by one with further columns, but not by one with fewer.
BEFORE = """
DROP VIEW sensor_right;
CREATE VIEW sensor_right AS
SELECT site.operator_id, sensor.id AS sensor_id, sensor.uuid AS sensor_uuid, site.role, site.may_edit, site.may_own
FROM site_right AS site JOIN sensors_sensor AS sensor ON sensor.site_id = site.site_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sensors", "0011_rights"),
    ]

    operations = [
        migrations.RunSQL(REPLACE, BEFORE),
        # Nobody adds or changes a right by hand, so the admin must not offer the permission to.
        migrations.AlterModelOptions("SiteRight", {"default_permissions": (), "managed": False}),
        migrations.AlterModelOptions("SensorRight", {"default_permissions": (), "managed": False}),
    ]

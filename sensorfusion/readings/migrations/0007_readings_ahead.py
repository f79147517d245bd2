"""Recompute the rollups of hours with readings of clocks that were ahead: such readings count no longer."""

from django.db import migrations

_MARK = """
INSERT INTO dirty_hour (sensor_id, hour)
SELECT DISTINCT sensor_id, date_bin('1 h', reading.observed_at, 'epoch') FROM reading JOIN sensor_state USING (sensor_id)
WHERE reading.observed_at > reading.received_at + interval '5 min' AND reading.observed_at < rolled_up_until
"""


class Migration(migrations.Migration):
    dependencies = [("readings", "0006_source_fields")]

    operations = [migrations.RunSQL(_MARK, migrations.RunSQL.noop)]

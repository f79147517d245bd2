"""Keep when counters restart and which speed weighs a direction, and recompute what was rolled up without knowing."""

from django.db import migrations, models

# The rules of the catalogue for the names that existed before.
_KNOWN = """
UPDATE quantity_name SET restarts = (regexp_match(name, '_(day|week|month|year)'))[1]
WHERE name ~ '^(rain_(day|week|month|year)|lightning_count_day)(_2)?(:.*)?$' AND combine = 'counter';
UPDATE quantity_name SET weighed_by = regexp_replace(name, '^wind_direction', 'wind_speed')
WHERE name ~ '^wind_direction($|[_:])' AND combine = 'vector';
UPDATE quantity_name SET weighed_by = regexp_replace(name, '^wind_gust_direction', 'wind_gust')
WHERE name ~ '^wind_gust_direction($|[_:])' AND combine = 'vector';
"""
_MARK = """
INSERT INTO dirty_hour (sensor_id, hour)
SELECT sensor_id, start FROM rollup_1h JOIN sensor_state USING (sensor_id)
WHERE quantities && ARRAY(SELECT id FROM quantity_name WHERE restarts <> '' OR weighed_by <> '')
    AND (raw_kept_from IS NULL OR start >= raw_kept_from)
"""


class Migration(migrations.Migration):
    dependencies = [("readings", "0007_readings_ahead")]

    operations = [
        migrations.AddField(
            "quantityname",
            "restarts",
            models.TextField(db_default="", help_text="The part of the calendar after which a counter restarts."),
        ),
        migrations.AddField(
            "quantityname",
            "weighed_by",
            models.TextField(db_default="", help_text="The speed that weighs a direction."),
        ),
        migrations.RunSQL(_KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(_MARK, migrations.RunSQL.noop),
    ]

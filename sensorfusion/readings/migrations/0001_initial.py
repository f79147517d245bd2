import django.db.models.deletion
from django.db import migrations, models


# Columns from wide to narrow, so that no row carries padding. No default partition: attaching a month would have to scan it.
READING = """
CREATE TABLE reading (
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    seq bigint NOT NULL,
    sensor_id integer NOT NULL,
    "values" jsonb NOT NULL,
    flags jsonb,
    PRIMARY KEY (sensor_id, observed_at)
) PARTITION BY RANGE (observed_at);
CREATE INDEX reading_sensor_seq ON reading (sensor_id, seq);
"""

# Every stored batch rewrites its sensors' rows: room on the page keeps those updates away from the indexes (HOT).
STATE = """
ALTER TABLE sensor_state SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
"""

# Fails the statement that calls it, and so its transaction, when the writer counted on a state that has moved on.
STALE = """
CREATE FUNCTION stale_unless(is_current boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT is_current THEN
        RAISE EXCEPTION 'a sensor state has moved on' USING ERRCODE = 'serialization_failure';
    END IF;
END
$$;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sensors', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SensorState',
            fields=[
                ('sensor', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='state', serialize=False, to='sensors.sensor')),
                ('seq', models.BigIntegerField(default=0)),
                ('observed_at', models.DateTimeField(help_text='Of the newest reading.', null=True)),
                ('received_at', models.DateTimeField(help_text='When anything last came in.', null=True)),
                ('values', models.JSONField(default=dict, help_text='The newest value of each quantity.')),
                ('flags', models.JSONField(null=True)),
                ('older', models.JSONField(default=dict, help_text='Epoch seconds of the quantities that the newest reading did not have.')),
                ('stored_until', models.DateTimeField(help_text='The latest instant stored, ahead of the clock or not.', null=True)),
                ('deltas', models.JSONField(default=list, help_text='Seconds between the last readings, for the usual interval.')),
                ('rolled_up_until', models.DateTimeField(help_text='Readings older than this mark their hour dirty.', null=True)),
            ],
            options={
                'db_table': 'sensor_state',
            },
        ),
        migrations.CreateModel(
            name='DirtyHour',
            fields=[
                ('pk', models.CompositePrimaryKey('sensor_id', 'hour', blank=True, editable=False, primary_key=True, serialize=False)),
                ('hour', models.DateTimeField()),
                ('sensor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensors.sensor')),
            ],
            options={
                'db_table': 'dirty_hour',
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(READING, 'DROP TABLE reading')],
            state_operations=[
                migrations.CreateModel(
                    name='Reading',
                    fields=[
                        ('pk', models.CompositePrimaryKey('sensor_id', 'observed_at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('observed_at', models.DateTimeField()),
                        ('received_at', models.DateTimeField()),
                        ('seq', models.BigIntegerField()),
                        ('values', models.JSONField()),
                        ('flags', models.JSONField(help_text='QARTOD flags of the values that are not good.', null=True)),
                        ('sensor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='sensors.sensor')),
                    ],
                    options={
                        'db_table': 'reading',
                        'indexes': [models.Index(fields=['sensor', 'seq'], name='reading_sensor_seq')],
                    },
                ),
            ],
        ),
        migrations.RunSQL(STATE, migrations.RunSQL.noop),
        migrations.RunSQL(STALE, 'DROP FUNCTION stale_unless(boolean)'),
    ]

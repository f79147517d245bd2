import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


# Marks come and go: what is gone is cleared away soon, or the runner would search through it for the next ones.
DIRTY_HOUR = 'ALTER TABLE dirty_hour SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);'


class Migration(migrations.Migration):

    dependencies = [
        ('readings', '0001_initial'),
        ('sensors', '0003_site_day_starts_h'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='sensorstate',
            name='raw_kept_from',
            field=models.DateTimeField(help_text='Readings before it were dropped: rollups of these hours are all there is, and stay.', null=True),
        ),
        migrations.DeleteModel('DirtyHour'),
        migrations.CreateModel(
            name='DirtyHour',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('hour', models.DateTimeField()),
                ('sensor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensors.sensor')),
            ],
            options={
                'db_table': 'dirty_hour',
                'indexes': [models.Index(fields=['sensor', 'hour'], name='dirty_hour_sensor_hour')],
            },
        ),
        migrations.RunSQL(DIRTY_HOUR, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='QuantityName',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('name', models.TextField(unique=True)),
                ('combine', models.TextField()),
            ],
            options={
                'db_table': 'quantity_name',
            },
        ),
        migrations.CreateModel(
            name='FiveMinutes',
            fields=[
                ('pk', models.CompositePrimaryKey('sensor_id', 'start', blank=True, editable=False, primary_key=True, serialize=False)),
                ('start', models.DateTimeField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('sensor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensors.sensor')),
                ('count', models.IntegerField()),
                ('quantities', ArrayField(base_field=models.IntegerField(), size=None)),
                ('counts', ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ('numbers', ArrayField(base_field=ArrayField(base_field=models.FloatField(), size=None), size=None)),
                ('instants', ArrayField(base_field=ArrayField(base_field=models.DateTimeField(), size=None), null=True, size=None)),
            ],
            options={
                'db_table': 'rollup_5m',
            },
        ),
        migrations.CreateModel(
            name='Hour',
            fields=[
                ('pk', models.CompositePrimaryKey('sensor_id', 'start', blank=True, editable=False, primary_key=True, serialize=False)),
                ('start', models.DateTimeField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('sensor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensors.sensor')),
                ('count', models.IntegerField()),
                ('quantities', ArrayField(base_field=models.IntegerField(), size=None)),
                ('counts', ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ('numbers', ArrayField(base_field=ArrayField(base_field=models.FloatField(), size=None), size=None)),
                ('instants', ArrayField(base_field=ArrayField(base_field=models.DateTimeField(), size=None), null=True, size=None)),
            ],
            options={
                'db_table': 'rollup_1h',
            },
        ),
        migrations.CreateModel(
            name='Day',
            fields=[
                ('pk', models.CompositePrimaryKey('sensor_id', 'start', blank=True, editable=False, primary_key=True, serialize=False)),
                ('start', models.DateTimeField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('sensor', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sensors.sensor')),
                ('count', models.IntegerField()),
                ('quantities', ArrayField(base_field=models.IntegerField(), size=None)),
                ('counts', ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                ('numbers', ArrayField(base_field=ArrayField(base_field=models.FloatField(), size=None), size=None)),
                ('instants', ArrayField(base_field=ArrayField(base_field=models.DateTimeField(), size=None), null=True, size=None)),
            ],
            options={
                'db_table': 'rollup_1d',
            },
        ),
        migrations.CreateModel(
            name='DayRule',
            fields=[
                ('sensor', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='sensors.sensor')),
                ('time_zone', models.TextField()),
                ('day_starts_h', models.SmallIntegerField()),
            ],
            options={
                'db_table': 'day_rule',
            },
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sensor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='exclusions', to='sensors.sensor')),
                ('quantity', models.CharField(blank=True, help_text='Empty for all of them.', max_length=64)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=200)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField()),
                ('restored_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('restored_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'exclusion',
                'indexes': [models.Index(fields=['sensor', 'starts_at'], name='exclusion_sensor_start')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='exclusion_has_a_span')],
            },
        ),
    ]

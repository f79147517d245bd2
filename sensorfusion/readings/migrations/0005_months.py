import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


# The table stays empty here: the chore that cuts days anew makes the months of one sensor after the other.
class Migration(migrations.Migration):

    dependencies = [
        ('readings', '0004_thousandths'),
        ('sensors', '0006_keep_months'),
    ]

    operations = [
        migrations.CreateModel(
            name='Month',
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
                'db_table': 'rollup_1mo',
            },
        ),
        migrations.AddField(
            model_name='dayrule',
            name='has_months',
            field=models.BooleanField(db_default=False, help_text='False while its days are older than months are.'),
        ),
    ]

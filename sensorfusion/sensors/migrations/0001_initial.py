import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Sensor',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('model', models.CharField(blank=True, help_text='Make and model of the device.', max_length=100)),
                ('transport', models.CharField(choices=[('http', 'HTTP'), ('websocket', 'WebSocket'), ('mqtt', 'MQTT'), ('console', 'Weather console'), ('lorawan', 'LoRaWAN'), ('file', 'Imported files'), ('other', 'Other')], default='http', max_length=10, verbose_name='communicates by')),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('active', 'Active'), ('paused', 'Paused')], default='pending', max_length=7)),
                ('latitude', models.FloatField(blank=True, help_text="Where it differs from the site's.", null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)])),
                ('longitude', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)])),
                ('elevation_m', models.FloatField(blank=True, null=True)),
                ('interval_s', models.FloatField(blank=True, help_text='Seconds between readings; learned when empty.', null=True, validators=[django.core.validators.MinValueValidator(0.1)])),
                ('installed_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=11, unique=True)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, help_text='To the minute.', null=True)),
                ('sensor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='sensors.sensor')),
            ],
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('notice', models.CharField(blank=True, help_text='Shown on every page of the site.', max_length=200)),
                ('time_zone', models.CharField(default='UTC', help_text='A name of the IANA database: Europe/Warsaw.', max_length=64)),
                ('latitude', models.FloatField(blank=True, help_text='Degrees north.', null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)])),
                ('longitude', models.FloatField(blank=True, help_text='Degrees east.', null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)])),
                ('elevation_m', models.FloatField(blank=True, help_text='Metres above mean sea level.', null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('latitude', None), _connector='OR'), name='site_latitude'), models.CheckConstraint(condition=models.Q(('longitude__range', (-180, 180)), ('longitude', None), _connector='OR'), name='site_longitude')],
            },
        ),
        migrations.AddField(
            model_name='sensor',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sensors', to='sensors.site'),
        ),
        migrations.AddConstraint(
            model_name='sensor',
            constraint=models.UniqueConstraint(fields=('site', 'name'), name='sensor_name_once_per_site'),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('readings', '0002_rollups'),
        ('sensors', '0006_keep_months'),
    ]

    operations = [
        migrations.CreateModel(
            name='Removal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='Its first day.')),
                ('readings', models.BigIntegerField()),
                ('removed_at', models.DateTimeField()),
                ('sensor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='removals', to='sensors.sensor')),
            ],
            options={
                'db_table': 'removal',
                'constraints': [models.UniqueConstraint(fields=('sensor', 'month'), name='removal_once_a_month')],
            },
        ),
    ]

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('readings', '0003_removal'),
    ]

    operations = [
        migrations.AddField(
            model_name='fiveminutes',
            name='thousandths',
            field=ArrayField(base_field=ArrayField(base_field=models.IntegerField(), size=None), null=True, size=None),
        ),
        migrations.AlterField(
            model_name='fiveminutes',
            name='numbers',
            field=ArrayField(base_field=ArrayField(base_field=models.FloatField(), size=None), null=True, size=None),
        ),
    ]

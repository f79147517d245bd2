import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sensors', '0002_gateways'),
    ]

    operations = [
        migrations.AddField(
            model_name='site',
            name='day_starts_h',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Hour of the local clock at which a day of its records begins: 0, or 9 as at many weather services.', validators=[django.core.validators.MaxValueValidator(23)], verbose_name='day begins at'),
        ),
    ]

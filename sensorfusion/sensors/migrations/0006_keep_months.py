import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sensors', '0005_quality'),
    ]

    operations = [
        migrations.AddField(
            model_name='site',
            name='keep_months',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Whole months before the present one; empty for ever. What readings were rolled up into stays.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)], verbose_name='single readings are kept for'),
        ),
        migrations.AddField(
            model_name='sensor',
            name='keep_months',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Whole months before the present one; 0 for ever, empty as its site says.', null=True, validators=[django.core.validators.MaxValueValidator(1200)], verbose_name='single readings are kept for'),
        ),
    ]

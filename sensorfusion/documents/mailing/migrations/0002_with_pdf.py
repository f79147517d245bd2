from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('report_mail', '0001_subscriptions'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportsubscription',
            name='with_pdf',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

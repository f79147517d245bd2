from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0005_events_by_site'),
    ]

    operations = [
        migrations.AlterField(
            model_name='alertchannel',
            name='address',
            field=models.CharField(max_length=1000),
        ),
        migrations.AddField(
            model_name='alertchannel',
            name='name',
            field=models.CharField(blank=True, help_text='Of a browser, which has no address to show.', max_length=60),
        ),
        migrations.AddField(
            model_name='alertchannel',
            name='ended_at',
            field=models.DateTimeField(help_text='When the receiver said that nothing is there any more.', null=True),
        ),
    ]

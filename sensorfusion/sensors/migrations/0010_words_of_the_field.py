from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("sensors", "0009_stray_names"),
    ]

    operations = [
        migrations.RenameModel("StrayName", "UnknownName"),
        migrations.RenameModel("SeenConsole", "UnclaimedConsole"),
    ]

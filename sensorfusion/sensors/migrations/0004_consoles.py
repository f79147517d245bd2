import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sensors", "0003_site_day_starts_h")]

    operations = [
        migrations.CreateModel(
            name="Console",
            fields=[
                (
                    "sensor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="console",
                        serialize=False,
                        to="sensors.sensor",
                    ),
                ),
                ("digest", models.BinaryField(max_length=32, null=True, unique=True)),
                ("ending", models.CharField(blank=True, max_length=64)),
                (
                    "rain_gauge",
                    models.CharField(
                        choices=[
                            ("auto", "The one that sends (the tipping gauge where both do)"),
                            ("tipping", "Tipping bucket"),
                            ("piezo", "Piezo (haptic)"),
                        ],
                        default="auto",
                        max_length=8,
                        verbose_name="rain comes from",
                    ),
                ),
                (
                    "field_units",
                    models.CharField(
                        choices=[
                            ("as_named", "As the fields are named: °F, mph, inHg, in"),
                            ("metric_kmh", "Metric: °C, km/h, hPa, mm"),
                            ("metric_ms", "Metric: °C, m/s, hPa, mm"),
                        ],
                        default="as_named",
                        max_length=12,
                        verbose_name="units of the numbers",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SeenConsole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("shows", models.CharField(max_length=16)),
                ("ending", models.CharField(max_length=64)),
                ("model", models.CharField(blank=True, max_length=64)),
                ("door", models.CharField(max_length=32)),
                ("network", models.CharField(max_length=64)),
                ("first_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [models.Index(fields=["network", "last_seen_at"], name="seen_console_network")],
            },
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

import sensorfusion.accounts.folding


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_one_account_for_an_address"),
        ("sensors", "0014_source_fields_and_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("email_key", sensorfusion.accounts.folding.EmailKeyField(db_default="", default="", editable=False, of="email")),
                ("role", models.CharField(choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")], max_length=6)),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
                ("invited_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="sensors.site")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("site", "email_key"), name="one_invitation_per_address")],
            },
        ),
    ]

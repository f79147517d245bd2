"""Models of file imports: the column mapping remembered per site and kind of file, and the progress of each import."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from sensorfusion.sensors.models import Sensor, Site


class Mapping(models.Model):
    """The column mapping of files with the same columns; the next such file is imported without asking again."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the kind of file and its columns.")
    plan = models.JSONField()
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "fingerprint"], name="one_mapping_per_kind_of_file"),
            models.UniqueConstraint(
                fields=["site", "name"], condition=~models.Q(name=""), name="mapping_name_once_per_site"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"columns {self.fingerprint[:8]}"


class ImportState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting")  # uploaded; the preview is not confirmed yet
    RUNNING = "running", gettext_lazy("Running")
    DONE = "done", gettext_lazy("Done")
    STOPPED = "stopped", gettext_lazy("Stopped")


class FileImport(models.Model):
    """One import: its file and target, the position up to which it is stored, and the outcome of its rows."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the file, the target and the plan.")
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, null=True, related_name="+")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    plan = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=ImportState, default=ImportState.WAITING)
    line = models.BigIntegerField(default=0, help_text="Everything up to this line is stored.")
    reader = models.JSONField(default=dict, help_text="What the next rows are read by.")
    position = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    readings = models.BigIntegerField(default=0, help_text="How many readings the usable rows are of.")
    problems = models.JSONField(default=list, help_text="Reasons, how often, and the first few in words.")
    message = models.TextField(blank=True, help_text="Why it stopped.")
    began_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def usable(self) -> int:
        return self.accepted + self.duplicates

    @property
    def rejected(self) -> int:
        return self.rows - self.accepted - self.duplicates

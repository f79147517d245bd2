"""A sensor's own quality checks over time, where they differ from the platform's, and the progress of checking."""

from django.conf import settings
from django.db import models


class QualitySettings(models.Model):
    """A sensor's own checks, see `domain.quality_checks`; who changed them last, and when."""

    sensor = models.OneToOneField("sensors.Sensor", on_delete=models.CASCADE, primary_key=True, related_name="quality")
    checks = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"quality checks of {self.sensor}"


class QualityProgress(models.Model):
    """The seq up to which a sensor's changes were checked; `checks_of` identifies the version of its own checks."""

    sensor = models.OneToOneField("sensors.Sensor", on_delete=models.CASCADE, primary_key=True, related_name="+")
    judged_seq = models.BigIntegerField()
    checks_of = models.DateTimeField(null=True)
    judged_at = models.DateTimeField()

    class Meta:
        db_table = "quality_progress"

    def __str__(self) -> str:
        return f"{self.sensor_id} judged to seq {self.judged_seq}"

"""Polls of devices and services that cannot send readings, and their status; written by editors and by the poller."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

# With a shorter interval a device could hardly respond in time; with a longer one importing a file is easier.
SHORTEST_S, LONGEST_S = 10, 86_400


class Poll(models.Model):
    """A URL that is polled for a sensor's readings."""

    sensor = models.OneToOneField("sensors.Sensor", on_delete=models.CASCADE, primary_key=True, related_name="poll")
    url = models.CharField(max_length=2000)
    interval_s = models.PositiveIntegerField(
        default=60, validators=[MinValueValidator(SHORTEST_S), MaxValueValidator(LONGEST_S)]
    )
    headers = models.TextField(blank=True, help_text="Sealed with the server's secret key.")
    fields = models.TextField(help_text="One quantity a line: what it is called, where it is, its unit.")
    time_path = models.CharField(max_length=200, blank=True, help_text="Where the answer says when it was observed.")
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now, help_text="Tells an answer to other questions.")

    # The status, written by the poller.
    next_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, help_text="Of the last answer that brought a reading.")
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    trouble = models.CharField(max_length=500, blank=True, help_text="What was wrong the last time.")
    left_out = models.CharField(max_length=500, blank=True, help_text="What of the last answer was not stored.")

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=models.Q(is_on=True), name="poll_due")]

    def __str__(self) -> str:
        return f"poll of {self.sensor_id}"

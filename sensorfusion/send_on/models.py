"""Destinations of a sensor's readings, and how far each has come.

The account's secrets are sealed, and leave the server only in requests to the network. `Progress` is written by the
sender; a backup has none of it, so that a restored installation sends nothing old.
"""

import uuid

from django.db import models

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor

TEXT_LONGEST = 500


class Destination(models.Model):
    """One network that a sensor's readings are sent to. It sends by the right of `made_by`, an editor of the site."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="destinations")
    network = models.CharField(max_length=20, help_text="The slug of a target of the catalogue.")
    account = models.JSONField(default=dict, help_text="What the network asks for, apart from secrets.")
    secret = models.TextField(
        blank=True, help_text="The account's secrets as JSON, sealed with the server's secret key."
    )
    interval_s = models.PositiveIntegerField()
    is_on = models.BooleanField(default=True)
    made_by = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "send_on_destination"

    def __str__(self) -> str:
        return f"{self.network} of sensor {self.sensor_id}"


class Progress(models.Model):
    """The stored change up to which a destination was served, and what became of the last attempt."""

    destination = models.OneToOneField(Destination, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    seq = models.BigIntegerField(help_text="Of the sensor's stored changes.")
    observed_at = models.DateTimeField(null=True, help_text="Of the newest reading that was sent.")
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="When the network last accepted something.")
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    trouble = models.CharField(max_length=TEXT_LONGEST, blank=True, help_text="What was wrong the last time.")
    left_out = models.CharField(
        max_length=TEXT_LONGEST, blank=True, help_text="What was not sent the last time, and why."
    )

    class Meta:
        db_table = "send_on_progress"

    def __str__(self) -> str:
        return f"seq {self.seq} of destination {self.destination_id}"

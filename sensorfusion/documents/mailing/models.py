"""Subscriptions to reports, and up to which day each was sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.models import Operator


class Every(models.TextChoices):
    """How often a report comes; the values are stored."""

    DAY = "day", gettext_lazy("Daily")
    WEEK = "week", gettext_lazy("Weekly")
    MONTH = "month", gettext_lazy("Monthly")


class ReportSubscription(models.Model):
    """One person's wish to get the reports of a sensor by e-mail. It ends with the right to see the sensor."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+", db_index=False)
    sensor = models.ForeignKey("sensors.Sensor", on_delete=models.CASCADE, related_name="+")
    every = models.CharField(max_length=5, choices=Every)
    with_pdf = models.BooleanField(default=False, db_default=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "report_subscription"
        constraints = [models.UniqueConstraint(fields=["operator", "sensor", "every"], name="report_subscription_once")]

    def __str__(self) -> str:
        return f"{self.every} report of sensor {self.sensor_id}"


class MailedReport(models.Model):
    """The last day of the newest period that was queued for a subscription.

    It moves on in the transaction that queues the message, so each period is queued once. It is not part of backups:
    a restored installation begins with the first period that ends after it was restored.
    """

    subscription = models.OneToOneField(ReportSubscription, on_delete=models.CASCADE, related_name="mailed")
    last = models.DateField()

    class Meta:
        db_table = "report_mailed"

    def __str__(self) -> str:
        return f"until {self.last}"

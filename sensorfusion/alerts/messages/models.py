"""What is still to be told, the messages that it became, and how each person wants to be told.

Rows of `Untold` are written in the transaction of their event. The teller turns them into messages in one transaction;
the sender tries each message, at least once and for a day.
"""

import uuid

from django.db import models
from django.db.models import Q

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.severity import Severity
from sensorfusion.domain.alert_rules.hours import MINUTES_OF_DAY

REASON_LONGEST = 300


class Untold(models.Model):
    """An event that was not told yet; held back until `held_until`, such as during maintenance."""

    event = models.OneToOneField("alerts.AlertEvent", on_delete=models.CASCADE, primary_key=True, related_name="+")
    held_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "alert_untold"

    def __str__(self) -> str:
        return f"event {self.event_id}"


class AlertReader(models.Model):
    """How a person wants to be told. Without a row: by e-mail from warnings on, if they may edit the site."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, primary_key=True, related_name="alert_reader")
    email_from = models.CharField(max_length=8, choices=Severity, blank=True, help_text="Empty: as by default.")
    quiet_starts_min = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Minute of the day.")
    quiet_ends_min = models.PositiveSmallIntegerField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    critical_breaks = models.BooleanField(default=True, help_text="Critical alerts are told in quiet hours, too.")

    class Meta:
        db_table = "alert_reader"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_starts_min=None, quiet_ends_min=None)
                | Q(quiet_starts_min__lt=MINUTES_OF_DAY, quiet_ends_min__lt=MINUTES_OF_DAY),
                name="alert_reader_quiet",
            )
        ]

    def __str__(self) -> str:
        return f"reader {self.operator_id}"


class AlertChannel(models.Model):
    """A way to a person besides e-mail; `kind` names a file of `channels/`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="alert_channels")
    kind = models.CharField(max_length=8)
    address = models.CharField(max_length=1000)
    name = models.CharField(max_length=60, blank=True, help_text="Of a browser, which has no address to show.")
    secret = models.TextField(blank=True, help_text="Sealed with the server's secret key.")
    from_severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARNING)
    is_on = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When the receiver said that nothing is there any more.")

    class Meta:
        db_table = "alert_channel"

    def __str__(self) -> str:
        return f"{self.kind} of {self.operator_id}"


class AlertMessage(models.Model):
    """One message to one person by one channel; without a channel by e-mail. `uuid` is its idempotency key.

    Events join it until its first attempt.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(AlertChannel, on_delete=models.CASCADE, null=True, related_name="messages")
    is_test = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "alert_message"
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="alert_message_waiting",
            ),
            models.Index(fields=["created_at"], name="alert_message_created"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(given_up_at=None), name="alert_message_one_end")
        ]

    def __str__(self) -> str:
        return f"message {self.uuid}"


class AlertNotice(models.Model):
    """An event that a message tells."""

    message = models.ForeignKey(AlertMessage, on_delete=models.CASCADE, related_name="notices", db_index=False)
    event = models.ForeignKey("alerts.AlertEvent", on_delete=models.CASCADE, related_name="notices")

    class Meta:
        db_table = "alert_notice"
        constraints = [models.UniqueConstraint(fields=["message", "event"], name="alert_notice_once")]

    def __str__(self) -> str:
        return f"event {self.event_id} in message {self.message_id}"


class AlertAttempt(models.Model):
    """One attempt to send a message. `said` is empty until it is known what became of it."""

    message = models.ForeignKey(AlertMessage, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    said = models.CharField(max_length=REASON_LONGEST, blank=True)

    class Meta:
        db_table = "alert_attempt"

    def __str__(self) -> str:
        return f"attempt at {self.at:%Y-%m-%dT%H:%M:%SZ}"


class Maintenance(models.Model):
    """A span in which alerts of a site, or of one sensor, are not told; what still lasts is told at its end."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("sensors.Site", on_delete=models.CASCADE, related_name="maintenances")
    sensor = models.ForeignKey("sensors.Sensor", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "alert_maintenance"
        indexes = [models.Index(fields=["site", "ends_at"], name="alert_maintenance_ends")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="alert_maintenance_order")
        ]

    def __str__(self) -> str:
        return f"maintenance of {self.site_id}"

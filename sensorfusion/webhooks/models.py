"""Webhooks, how far each has come with the readings of each sensor, and what is sent.

A delivery of readings names ranges of seqs; its readings are read when it is sent. So what waits stays small, however
long a receiver is away, and a replay is the same row again. `Progress` and `Cursor` belong to the planner
(`planning.py`), which writes a cursor in the transaction of the delivery that it moved for.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.models import Operator
from sensorfusion.outgoing.outcomes import in_words
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.web.checks.plain_text import plain

NAME_LONGEST = 80
URL_LONGEST = 500
REASON_LONGEST = 300


class Event(models.TextChoices):
    """What a webhook may be told; the values are those of the API."""

    READINGS = "readings", gettext_lazy("Readings")
    READING_REFUSED = "reading.refused", gettext_lazy("Readings were refused")
    SENSOR_OFFLINE = "sensor.offline", gettext_lazy("A sensor is offline")
    SENSOR_ONLINE = "sensor.online", gettext_lazy("A sensor sends again")
    MEMBER_JOINED = "member.joined", gettext_lazy("A member joined")
    MEMBER_CHANGED = "member.changed", gettext_lazy("The role of a member changed")
    MEMBER_LEFT = "member.left", gettext_lazy("A member left or was removed")


TEST = "test"  # the event of a test delivery


class Webhook(models.Model):
    """A receiver of a site's events. It sends by the right of `made_by`, an owner of the site."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=NAME_LONGEST, validators=[plain])
    url = models.CharField(max_length=URL_LONGEST)
    events = ArrayField(models.CharField(max_length=16, choices=Event))
    of_all = models.BooleanField(default=True, help_text="Of all sensors of the site, also later ones.")
    sensors = models.ManyToManyField(Sensor, related_name="+", blank=True)
    readings_most = models.PositiveSmallIntegerField(default=200, help_text="Of one delivery.")
    readings_every_s = models.PositiveSmallIntegerField(default=10, help_text="Unless there are so many before.")
    secret = models.TextField(help_text="Sealed with the server's secret key.")
    old_secret = models.TextField(blank=True, help_text="Sealed; signs, too, until `old_secret_until`.")
    old_secret_until = models.DateTimeField(null=True)
    is_on = models.BooleanField(default=True)
    made_by = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "webhook"

    def __str__(self) -> str:
        return self.name

    @property
    def wants_readings(self) -> bool:
        return Event.READINGS in self.events


class Progress(models.Model):
    """Since when a webhook follows its site, and when its last readings were put into a delivery."""

    webhook = models.OneToOneField(Webhook, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    begun_at = models.DateTimeField()
    batched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_progress"

    def __str__(self) -> str:
        return f"progress of webhook {self.webhook_id}"


class Cursor(models.Model):
    """The seq up to which the readings of a sensor are in deliveries of a webhook."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="cursors", db_index=False)
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()

    class Meta:
        db_table = "webhook_cursor"
        constraints = [models.UniqueConstraint(fields=["webhook", "sensor"], name="webhook_cursor_once")]

    def __str__(self) -> str:
        return f"sensor {self.sensor_id} at seq {self.seq}"


class Watch(models.Model):
    """When sites were last looked at, and since when without a pause. There is at most one row."""

    looked_at = models.DateTimeField()
    heard_from = models.DateTimeField()

    class Meta:
        db_table = "webhook_watch"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="webhook_watch_one")]

    def __str__(self) -> str:
        return f"looked at {self.looked_at:%Y-%m-%dT%H:%M:%SZ}"


class Liveness(models.Model):
    """Whether a sensor that a webhook follows was judged to be offline."""

    sensor = models.OneToOneField(Sensor, on_delete=models.CASCADE, primary_key=True, related_name="+")
    is_offline = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "webhook_liveness"

    def __str__(self) -> str:
        return f"{self.sensor_id} {'offline' if self.is_offline else 'online'}"


class Delivery(models.Model):
    """One request to a receiver, tried for a day. `uuid` is its idempotency key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.CharField(max_length=16)
    ranges = models.JSONField(default=list, help_text="Of readings: lists of sensor, after and until, the last seq.")
    told = models.JSONField(default=dict, help_text="Of other events: what is told besides the event.")
    about = models.CharField(max_length=40, blank=True, help_text="What must not be told twice to a webhook.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_delivery"
        indexes = [
            models.Index(fields=["webhook", "id"], name="webhook_delivery_log"),
            models.Index(fields=["id"], condition=Q(given_up_at__isnull=False), name="webhook_delivery_given_up"),
            models.Index(
                fields=["webhook", "id"], condition=Q(sent_at=None, given_up_at=None), name="webhook_delivery_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(given_up_at=None), name="webhook_delivery_one_end"),
            models.UniqueConstraint(
                fields=["webhook", "about"], condition=~Q(about=""), name="webhook_delivery_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.uuid}"

    @property
    def state(self) -> str:
        """Return `waiting`, `sent` or `given_up`."""
        return "sent" if self.sent_at else "given_up" if self.given_up_at else "waiting"


class Attempt(models.Model):
    """One attempt at a delivery. `said` is empty until it is known what became of it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    said = models.CharField(max_length=REASON_LONGEST, blank=True)

    class Meta:
        db_table = "webhook_attempt"

    def __str__(self) -> str:
        return f"attempt at {self.at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def in_words(self) -> str:
        """Return what was answered, in the language of a page."""
        return in_words(self.said)

"""Alert rules, their state on each sensor, the alerts that they caused, and what happened to those.

`RuleState` belongs to the watcher (`evaluation/watcher.py`): it alone writes it, with the alert that it causes, in one
transaction.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.models import AlertAttempt as AlertAttempt  # makes Django find models of this app
from sensorfusion.alerts.messages.models import AlertChannel as AlertChannel
from sensorfusion.alerts.messages.models import AlertMessage as AlertMessage
from sensorfusion.alerts.messages.models import AlertNotice as AlertNotice
from sensorfusion.alerts.messages.models import AlertReader as AlertReader
from sensorfusion.alerts.messages.models import Maintenance as Maintenance
from sensorfusion.alerts.messages.models import Untold as Untold
from sensorfusion.alerts.severity import Severity as Severity
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.hours import MINUTES_OF_DAY
from sensorfusion.domain.alert_rules.machine import Outcome, Phase
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.checks.quantity_name import quantity_name

NOTE_LONGEST = 500
ALL_WEEKDAYS = 0b1111111  # bit 0 is Monday
RULES_MOST = 500  # of a site


class AlertRule(models.Model):
    """A rule for one sensor, or for every sensor of a site that has the quantity. Limits are in canonical units."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="alert_rules")
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, null=True, blank=True, related_name="alert_rules")
    quantity = models.CharField(max_length=64, blank=True, validators=[quantity_name])
    than = models.CharField(
        max_length=64, blank=True, default="", db_default="", validators=[quantity_name],
        help_text="Another quantity: limits are of what the first has more than this one.",
    )  # fmt: skip
    condition = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Condition])
    high = models.FloatField(null=True, blank=True, help_text="Above it the rule applies; or the size of a change.")
    low = models.FloatField(null=True, blank=True, help_text="Below it the rule applies.")
    clear_high = models.FloatField(null=True, blank=True, help_text="Not above it, the alert is over.")
    clear_low = models.FloatField(null=True, blank=True, help_text="Not below it, the alert is over.")
    expected = models.JSONField(null=True, blank=True, help_text="A text or a boolean that the value equals.")
    for_s = models.FloatField(default=0.0, help_text="Seconds for which the condition holds; of silence its length.")
    clear_for_s = models.FloatField(default=0.0)
    within_s = models.FloatField(default=0.0, help_text="Seconds within which the value changes.")
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARNING)
    note = models.CharField(max_length=NOTE_LONGEST, blank=True, validators=[plain], help_text="What to do.")
    weekdays = models.PositiveSmallIntegerField(default=ALL_WEEKDAYS, help_text="Bits, Monday is the lowest.")
    starts_min = models.PositiveSmallIntegerField(default=0, help_text="Minute of the site's day.")
    ends_min = models.PositiveSmallIntegerField(default=MINUTES_OF_DAY)
    repeat_s = models.FloatField(
        default=0.0, db_default=0.0, help_text="Seconds after which it is told again while it lasts; 0: once."
    )
    is_enabled = models.BooleanField(default=True)
    made_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "alert_rule"
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=ALL_WEEKDAYS), name="alert_rule_weekdays"
            ),
            models.CheckConstraint(
                condition=Q(starts_min__lt=MINUTES_OF_DAY, ends_min__lte=MINUTES_OF_DAY), name="alert_rule_hours"
            ),
            models.CheckConstraint(
                condition=Q(for_s__gte=0, clear_for_s__gte=0, within_s__gte=0, repeat_s__gte=0),
                name="alert_rule_durations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.condition}"


class Alert(models.Model):
    """One time that a rule fired on a sensor. It outlives the rule, whose words at that time are in `rule_was`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(AlertRule, on_delete=models.SET_NULL, null=True, related_name="alerts")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="alerts")
    quantity = models.CharField(max_length=64, blank=True)
    severity = models.CharField(max_length=8, choices=Severity)
    rule_was = models.JSONField(help_text="The condition and its limits when it fired.")
    note = models.CharField(max_length=NOTE_LONGEST, blank=True)
    began_at = models.DateTimeField(help_text="Since when the condition holds.")
    fired_at = models.DateTimeField()
    value = models.JSONField(null=True, help_text="The value with which it fired.")
    extreme = models.FloatField(null=True, help_text="The highest or lowest value, once it has ended.")
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True, help_text="Why it ended.")
    acknowledged_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "alert"
        indexes = [models.Index(fields=["site", "fired_at"], name="alert_site_fired")]
        constraints = [
            models.UniqueConstraint(fields=["rule", "sensor"], condition=Q(ended_at=None), name="alert_open_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="alert_order"),
        ]

    def __str__(self) -> str:
        return f"{self.severity} of {self.sensor_id} at {self.fired_at:%Y-%m-%dT%H:%MZ}"


class AlertEvent(models.Model):
    """What happened to an alert: it fired, was repeated, acknowledged, snoozed, or ended."""

    FIRED, ACKNOWLEDGED, SNOOZED, RULE_CHANGED = Outcome.FIRED.value, "acknowledged", "snoozed", "rule_changed"
    REPEATED, LEFT_RULE = "repeated", "left_rule"
    BEGINS = (FIRED, REPEATED)
    ENDS = (*(each.value for each in Outcome if each is not Outcome.FIRED), RULE_CHANGED, LEFT_RULE)

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    # Given by the watcher once the event is committed (`evaluation/numbering.py`).
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    seq = models.BigIntegerField(null=True, help_text="Counts the events of the site.")

    class Meta:
        db_table = "alert_event"
        indexes = [models.Index(fields=["id"], condition=Q(seq=None), name="alert_event_unnumbered")]
        constraints = [models.UniqueConstraint(fields=["site", "seq"], name="alert_event_seq")]

    def __str__(self) -> str:
        return f"{self.action} {self.alert_id}"


class RuleState(models.Model):
    """What becomes of a rule on one sensor (`domain.alert_rules.machine.State`), as of the sensor's `seq`.

    The row may be behind: what followed without a decision is repeated from the readings. Instants are epoch seconds.
    """

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="states", db_index=False)
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField(help_text="Readings up to it are in this state.")
    phase = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Phase])
    decided_until = models.FloatField()
    since = models.FloatField()
    clearing_since = models.FloatField()
    last_at = models.FloatField(null=True)
    signal = models.CharField(max_length=7)
    alert = models.ForeignKey(Alert, on_delete=models.SET_NULL, null=True, related_name="+")
    extreme = models.FloatField(null=True)

    class Meta:
        db_table = "alert_rule_state"
        constraints = [models.UniqueConstraint(fields=["rule", "sensor"], name="alert_rule_state_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.sensor_id}: {self.phase}"


class AlertSettings(models.Model):
    """What the owner of a site allows."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="alert_settings")
    viewers_acknowledge = models.BooleanField(default=False)

    class Meta:
        db_table = "alert_settings"

    def __str__(self) -> str:
        return f"settings of {self.site_id}"


class AlertCount(models.Model):
    """How many events of alerts a site has had."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="+")
    seq = models.BigIntegerField()

    class Meta:
        db_table = "alert_count"

    def __str__(self) -> str:
        return f"{self.seq} of {self.site_id}"


class Watch(models.Model):
    """The one row by which services and the watcher take turns. `version` counts the changes of rules."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, help_text="When the watcher last looked, to some seconds.")
    began_at = models.DateTimeField(null=True, help_text="When it first looked at this database; a backup is another.")

    class Meta:
        db_table = "alert_watch"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="alert_watch_one_row")]

    def __str__(self) -> str:
        return f"version {self.version}"

"""The tables of readings, partitioned by month of `observed_at`, of each sensor's state, and of rollups.

The first migration creates the tables in SQL (partitions, fill factor); `readings.stored.partitions` adds months.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.web.checks.plain_text import plain

NOTE_LONGEST = 300
LONGEST_FAILURE = 300
NOTES_MOST = 2_000  # of a sensor: one a day for more than five years


class Reading(models.Model):
    """What one sensor observed at one instant, in canonical units."""

    pk = models.CompositePrimaryKey("sensor_id", "observed_at")
    # No constraint in the database: a foreign key would cost a look-up per stored row. Writers lock the sensor's state
    # row, which has the constraint.
    sensor = models.ForeignKey(
        Sensor, on_delete=models.CASCADE, related_name="readings", db_constraint=False, db_index=False
    )
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    seq = models.BigIntegerField()
    values = models.JSONField()
    flags = models.JSONField(null=True, help_text="QARTOD flags of the values that are not good.")

    class Meta:
        db_table = "reading"
        indexes = [models.Index(fields=["sensor", "seq"], name="reading_sensor_seq")]

    def __str__(self) -> str:
        return f"{self.sensor_id} at {self.observed_at:%Y-%m-%dT%H:%M:%SZ}"


class SensorState(models.Model):
    """A sensor's newest values and the counter of its stored changes. Writing its readings requires this row's lock."""

    sensor = models.OneToOneField(Sensor, on_delete=models.CASCADE, primary_key=True, related_name="state")
    seq = models.BigIntegerField(default=0)
    observed_at = models.DateTimeField(null=True, help_text="Of the newest reading.")
    received_at = models.DateTimeField(null=True, help_text="When anything last came in.")
    values = models.JSONField(default=dict, help_text="The newest value of each quantity.")
    flags = models.JSONField(null=True)
    older = models.JSONField(
        default=dict, help_text="Epoch seconds of the quantities that the newest reading did not have."
    )
    stored_until = models.DateTimeField(null=True, help_text="The latest instant stored, ahead of the clock or not.")
    deltas = models.JSONField(default=list, help_text="Seconds between the last readings, for the usual interval.")
    rolled_up_until = models.DateTimeField(null=True, help_text="Readings older than this mark their hour dirty.")

    raw_kept_from = models.DateTimeField(
        null=True, help_text="Readings before it were dropped: rollups of these hours are all there is, and stay."
    )

    class Meta:
        db_table = "sensor_state"

    def __str__(self) -> str:
        return f"{self.sensor_id} at seq {self.seq}"


class DirtyHour(models.Model):
    """Marks an hour whose rollups are out of date; written in the transaction that changes the readings.

    An hour may have several marks: with a unique one, the writer would wait for the chore that deletes it.
    """

    id = models.BigAutoField(primary_key=True)
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    hour = models.DateTimeField()

    class Meta:
        db_table = "dirty_hour"
        indexes = [models.Index(fields=["sensor", "hour"], name="dirty_hour_sensor_hour")]

    def __str__(self) -> str:
        return f"{self.sensor_id} from {self.hour:%Y-%m-%dT%H:%MZ}"


class QuantityName(models.Model):
    """Maps a quantity's name to a short number; the rules are the catalogue's when the name was first stored."""

    id = models.AutoField(primary_key=True)  # 4 bytes, because it is in every row of the rollups
    name = models.TextField(unique=True)
    combine = models.TextField()
    restarts = models.TextField(db_default="", help_text="The part of the calendar after which a counter restarts.")
    weighed_by = models.TextField(db_default="", help_text="The speed that weighs a direction.")

    class Meta:
        db_table = "quantity_name"

    def __str__(self) -> str:
        return self.name


class Rollup(models.Model):
    """One bucket of one sensor with all its quantities, from good values only; see `readings.rollups.sql`.

    `numbers` has a row (total, low, high, first, last) for each of `quantities`, `instants` one (first_at, last_at).
    `counts` and `instants` are null if they are equal for all quantities.
    """

    pk = models.CompositePrimaryKey("sensor_id", "start")
    start = models.DateTimeField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    count = models.IntegerField()
    quantities = ArrayField(models.IntegerField())
    counts = ArrayField(models.IntegerField(), null=True)
    numbers = ArrayField(ArrayField(models.FloatField()))
    instants = ArrayField(ArrayField(models.DateTimeField()), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.sensor_id} from {self.start:%Y-%m-%dT%H:%MZ}"


class FiveMinutes(Rollup):
    """Rows whose first quantities are stored in thousandths if that is exact; `numbers` has the others."""

    numbers = ArrayField(ArrayField(models.FloatField()), null=True)  # type: ignore[assignment]  # may be null
    thousandths = ArrayField(ArrayField(models.IntegerField()), null=True)

    class Meta:
        db_table = "rollup_5m"


class Hour(Rollup):
    class Meta:
        db_table = "rollup_1h"


class Day(Rollup):
    """A day of the calendar that `DayRule` names."""

    class Meta:
        db_table = "rollup_1d"


class Month(Rollup):
    """A month of the same calendar, merged from its days."""

    class Meta:
        db_table = "rollup_1mo"


class DayRule(models.Model):
    """The calendar of a sensor's rolled-up days and months; they are rebuilt when the site's calendar changes."""

    sensor = models.OneToOneField(
        Sensor, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    time_zone = models.TextField()
    day_starts_h = models.SmallIntegerField()
    has_months = models.BooleanField(db_default=False, help_text="False while its days are older than months are.")

    class Meta:
        db_table = "day_rule"

    def __str__(self) -> str:
        return f"{self.sensor_id} by {self.time_zone} from {self.day_starts_h} h"


class Exclusion(models.Model):
    """A span [starts_at, ends_at) of a sensor's readings that an editor excluded; it ends when someone restores it."""

    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="exclusions", db_index=False)
    quantity = models.CharField(max_length=64, blank=True, help_text="Empty for all of them.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    restored_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    restored_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exclusion"
        indexes = [models.Index(fields=["sensor", "starts_at"], name="exclusion_sensor_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="exclusion_has_a_span")
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id}: {self.quantity or 'everything'} from {self.starts_at:%Y-%m-%dT%H:%MZ}"


class NoteKind(models.TextChoices):
    MAINTENANCE = "maintenance", gettext_lazy("Maintenance")
    MOVED = "moved", gettext_lazy("Moved")
    REPLACED = "replaced", gettext_lazy("Replaced")
    CALIBRATED = "calibrated", gettext_lazy("Calibrated")
    NOTE = "note", gettext_lazy("Note")


class Note(models.Model):
    """A note on the instant `starts_at`, or on the span [starts_at, ends_at)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="notes", db_index=False)
    kind = models.CharField(max_length=11, choices=NoteKind, default=NoteKind.NOTE)
    text = models.CharField(max_length=NOTE_LONGEST, validators=[plain])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "note"
        indexes = [models.Index(fields=["sensor", "starts_at"], name="note_sensor_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="note_has_a_span")
        ]

    def __str__(self) -> str:
        return f"{self.kind.capitalize()}, {self.starts_at:%Y-%m-%dT%H:%MZ}: {self.text}"


class Removal(models.Model):
    """The readings that retention has removed: their number per sensor and month, and the time of the last removal."""

    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="removals", db_index=False)
    month = models.DateField(help_text="Its first day.")
    readings = models.BigIntegerField()
    removed_at = models.DateTimeField()

    class Meta:
        db_table = "removal"
        constraints = [models.UniqueConstraint(fields=["sensor", "month"], name="removal_once_a_month")]

    def __str__(self) -> str:
        return f"{self.readings} readings of {self.sensor_id} in {self.month:%Y-%m}"


class ExportState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Running")
    DONE = "done", gettext_lazy("Done")
    FAILED = "failed", gettext_lazy("Failed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    EXPIRED = "expired", gettext_lazy("Expired")


class ExportOf(models.TextChoices):
    READINGS = "readings", gettext_lazy("Readings")
    NOTES = "notes", gettext_lazy("Notes")
    ARCHIVE = "archive", gettext_lazy("Archive of the site")


class ExportJob(models.Model):
    """A file that is written in the background; `readings.export.jobs` writes, offers and removes it.

    Sensors are named without a foreign key: a job whose sensors are not all visible to its operator does not exist for
    anyone, and is soon deleted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    of = models.CharField(max_length=8, choices=ExportOf)
    format = models.CharField(max_length=7)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="+", help_text="Of an archive.")
    sensors = ArrayField(models.UUIDField(), help_text="In the order of the file; of an archive none.")
    name = models.CharField(max_length=200, help_text="Of the file, with its ending.")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=ExportState, default=ExportState.WAITING)
    run = models.UUIDField(null=True, help_text="Of the process that writes the file, or wrote it; part of its path.")
    begun = models.PositiveSmallIntegerField(default=0, help_text="How often a process began to write it.")
    rows = models.BigIntegerField(default=0)
    rows_expected = models.BigIntegerField(null=True)
    bytes = models.BigIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "export_job"
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="export_job_unfinished"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(of="archive", site__isnull=False) | (~models.Q(of="archive") & models.Q(site=None)),
                name="export_job_site_of_archive",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


class ChoreRun(models.Model):
    """When a background chore last ran, of all processes; written by `readings.storage.chore_runs`."""

    name = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField()
    took_s = models.FloatField(help_text="Of the last run.")
    longest_s = models.FloatField(help_text="Of the day of the last run.")
    runs = models.BigIntegerField()
    failures = models.BigIntegerField()
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=LONGEST_FAILURE, blank=True, help_text="What the last failure said.")

    class Meta:
        db_table = "chore_run"

    def __str__(self) -> str:
        return f"{self.name} at {self.ran_at:%Y-%m-%dT%H:%M:%SZ}"

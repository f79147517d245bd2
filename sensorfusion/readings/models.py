"""What the writer stores: readings, partitioned by month of `observed_at`, and each sensor's state.

The tables are made by hand in the first migration (partitions, fill factor); `readings.partitions` adds months as
they are needed.
"""

from django.db import models

from sensorfusion.sensors.models import Sensor


class Reading(models.Model):
    """What one sensor observed at one instant, in canonical units."""

    pk = models.CompositePrimaryKey("sensor_id", "observed_at")
    # No constraint in the database: a foreign key would cost a look-up per stored row. Whoever writes readings holds
    # the sensor's state row, which has the constraint.
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
    """The newest of a sensor, and the counter of its stored changes. Whoever holds this row's lock may write its
    readings.
    """

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

    class Meta:
        db_table = "sensor_state"

    def __str__(self) -> str:
        return f"{self.sensor_id} at seq {self.seq}"


class DirtyHour(models.Model):
    """An hour of a sensor whose rollups no longer follow from its readings; left by writes in their own transaction."""

    pk = models.CompositePrimaryKey("sensor_id", "hour")
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    hour = models.DateTimeField()

    class Meta:
        db_table = "dirty_hour"

    def __str__(self) -> str:
        return f"{self.sensor_id} from {self.hour:%Y-%m-%dT%H:%MZ}"

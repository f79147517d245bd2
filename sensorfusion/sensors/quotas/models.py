"""The usage of each site and operator by day, and the size of each sensor.

Written by the processes, by imports and by a chore.
"""

from django.db import models


class SiteUsage(models.Model):
    """What one site stored on one day of its time zone.

    `readings` is added to by `ingest.senders.quotas`, `imported` by `ingest.storing.imports`; `bytes`, all that the
    site's readings took when they were last measured that day, is written by `readings.storage.site_sizes`.
    """

    # No constraint in the database: a count that is written while its site is deleted would make the deletion fail.
    site = models.ForeignKey(
        "sensors.Site", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    readings = models.BigIntegerField(default=0, db_default=0)
    imported = models.BigIntegerField(default=0, db_default=0)
    bytes = models.BigIntegerField(null=True)

    class Meta:
        db_table = "site_usage"
        constraints = [models.UniqueConstraint(fields=["site", "day"], name="site_usage_once_a_day")]

    def __str__(self) -> str:
        return f"{self.readings} readings on {self.day}"


class OperatorUsage(models.Model):
    """What one operator stored from files on one day of UTC."""

    operator = models.ForeignKey(  # no constraint, as above
        "accounts.Operator", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    imported = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "operator_usage"
        constraints = [models.UniqueConstraint(fields=["operator", "day"], name="operator_usage_once_a_day")]

    def __str__(self) -> str:
        return f"{self.imported} imported readings on {self.day}"


class SensorSize(models.Model):
    """How many readings a sensor has and what they take, with their indexes, as `readings.storage.site_sizes` measured.

    Both are estimates where a month's table is large. A sensor without readings has no row.
    """

    sensor = models.OneToOneField(  # no constraint, as above
        "sensors.Sensor", on_delete=models.CASCADE, primary_key=True, related_name="size", db_constraint=False
    )
    readings = models.BigIntegerField()
    bytes = models.BigIntegerField()

    class Meta:
        db_table = "sensor_size"

    def __str__(self) -> str:
        return f"{self.readings} readings of sensor {self.sensor_id}"

"""The views `site_right` and `sensor_right` as read-only models.

Every query that asks what an operator may see or change reads one of the two, by the ORM or in SQL. The rule itself
(the operator is a member of the site, and the account is active) is in the migration that creates the views, and
nowhere else; `tests/architecture/test_rights.py` enforces that. To change the rule, replace the views by a migration.
"""

from django.db import models

from sensorfusion.accounts.models import Operator, Role


class SiteRight(models.Model):
    """The role of an active operator at a site."""

    operator = models.ForeignKey(Operator, on_delete=models.DO_NOTHING, related_name="+")
    site = models.ForeignKey("sensors.Site", on_delete=models.DO_NOTHING, related_name="rights")
    role = models.CharField(max_length=6, choices=Role)
    may_edit = models.BooleanField(help_text="May change the site's sensors: owners and editors.")
    may_own = models.BooleanField(help_text="May change the members and delete the site: owners.")

    class Meta:
        managed = False
        db_table = "site_right"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.role} of site {self.site_id}"


class SensorRight(models.Model):
    """The role of an active operator for a sensor, which is the one at its site.

    SQL finds the sensor's other columns in the view's column `sensor`, which is the whole row.
    """

    pk = models.CompositePrimaryKey("operator_id", "sensor_id")
    operator = models.ForeignKey(Operator, on_delete=models.DO_NOTHING, related_name="+")
    sensor = models.ForeignKey("sensors.Sensor", on_delete=models.DO_NOTHING, related_name="rights")
    sensor_uuid = models.UUIDField()
    role = models.CharField(max_length=6, choices=Role)
    may_edit = models.BooleanField()
    may_own = models.BooleanField()

    class Meta:
        managed = False
        db_table = "sensor_right"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.role} of sensor {self.sensor_id}"

"""Names of sensors that gateways sent and no sensor has, and the fields of devices that feed the quantities."""

from django.db import models
from django.utils import timezone

from sensorfusion.accounts.folding import FoldedField
from sensorfusion.accounts.models import Operator


class UnknownName(models.Model):
    """A name that readings arrived for and that no sensor has; written by `ingest.senders.unknown_names`."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    name_folded = FoldedField(of="name")
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "name"], name="stray_name_once")]

    def __str__(self) -> str:
        return self.name


class SourceField(models.Model):
    """A field of a sensor's device and the quantity that it feeds: decided when it is first seen, and kept.

    Written by `ingest.senders.source_fields`. An empty quantity drops the field. An empty `source` stands for the
    unknown field that fed the quantity before fields were recorded; the first field that claims it takes its place.
    """

    LONGEST_SOURCE = 200
    LONGEST_QUANTITY = 64

    sensor = models.ForeignKey("sensors.Sensor", on_delete=models.CASCADE, related_name="source_fields")
    source = models.CharField(max_length=LONGEST_SOURCE)
    quantity = models.CharField(max_length=LONGEST_QUANTITY)
    # The name as people wrote it, where the quantity's own name does not say it; shown as its label.
    label = models.CharField(max_length=LONGEST_SOURCE, blank=True, default="")
    first_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sensor", "source"], condition=~models.Q(source=""), name="source_field_once"
            ),
            models.UniqueConstraint(
                fields=["sensor", "quantity"], condition=~models.Q(quantity=""), name="source_field_of_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} feeds {self.quantity}"

"""Names that an operator's gateways sent readings for, and that no sensor has."""

from django.db import models
from django.utils import timezone

from sensorfusion.accounts.models import Operator


class UnknownName(models.Model):
    """A name that readings arrived for and that no sensor has; written by `ingest.senders.unknown_names`."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "name"], name="stray_name_once")]

    def __str__(self) -> str:
        return self.name

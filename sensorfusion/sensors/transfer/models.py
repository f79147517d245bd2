"""An offer of a sensor to the person with an e-mail address, who need not have an account yet."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models

from sensorfusion.accounts.folding import EmailKeyField

VALID_FOR: Final = timedelta(days=30)


class SensorOffer(models.Model):
    """The one offer of a sensor; deleted when it is accepted or withdrawn."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sensor = models.OneToOneField("sensors.Sensor", on_delete=models.CASCADE, related_name="offer")
    email = models.EmailField("e-mail address")
    email_key = EmailKeyField(of="email")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField()
    # A declined one is kept for a while, so that it cannot be repeated at once.
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "sensor_offer"
        indexes = [models.Index(fields=["email_key"], name="sensor_offer_email")]

    def __str__(self) -> str:
        return f"{self.sensor} to {self.email}"

    @property
    def ends_at(self) -> datetime:
        return self.offered_at + VALID_FOR

"""Weather consoles: how a sensor's console shows itself and is read, and consoles that send and belong to nobody yet.

A console that cannot be given a key shows something of its own instead: a PASSKEY, or a station ID with a password.
Such a thing may be short or easy to guess, so what is stored is a digest keyed with the installation's secret key.
"""

from django.db import models
from django.utils import timezone


class RainGauge(models.TextChoices):
    """Which gauge a station's rain is taken from; the other one's is kept beside it, as of a second gauge."""

    AUTO = "auto", "The one that sends (the tipping gauge where both do)"
    TIPPING = "tipping", "Tipping bucket"
    PIEZO = "piezo", "Piezo (haptic)"


class FieldUnits(models.TextChoices):
    """What the numbers in fields such as tempf and windspeedmph are."""

    AS_NAMED = "as_named", "As the fields are named: °F, mph, inHg, in"
    METRIC_KMH = "metric_kmh", "Metric: °C, km/h, hPa, mm"
    METRIC_MS = "metric_ms", "Metric: °C, m/s, hPa, mm"


class Console(models.Model):
    """How one sensor's console is recognised and read; `digest` is empty where it shows a key of the sensor."""

    sensor = models.OneToOneField("sensors.Sensor", on_delete=models.CASCADE, primary_key=True, related_name="console")
    digest = models.BinaryField(null=True, unique=True, max_length=32)
    ending = models.CharField(max_length=64, blank=True)  # what people recognise it by: an ID, a PASSKEY's last four
    rain_gauge = models.CharField("rain comes from", max_length=8, choices=RainGauge, default=RainGauge.AUTO)
    field_units = models.CharField(
        "units of the numbers", max_length=12, choices=FieldUnits, default=FieldUnits.AS_NAMED
    )

    def __str__(self) -> str:
        return f"console of {self.sensor}"


class UnclaimedConsole(models.Model):
    """A console that sends here and belongs to no sensor: who it is and where it sends from, and none of its readings.

    The table is bounded by who writes it (`ingest.senders.unclaimed_consoles`).
    """

    digest = models.BinaryField(unique=True, max_length=32)
    shows = models.CharField(max_length=16)  # what it shows itself by: PASSKEY, or ID
    ending = models.CharField(max_length=64)
    model = models.CharField(max_length=64, blank=True)
    door = models.CharField(max_length=32)
    network = models.CharField(max_length=64)  # the address it sends from, of IPv6 the first 64 bits
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["network", "last_seen_at"], name="seen_console_network")]

    def __str__(self) -> str:
        return f"{self.model or self.door} …{self.ending[-4:]}"

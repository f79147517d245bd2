"""Weather consoles: identification and interpretation of a sensor's console, and unclaimed consoles.

A console that cannot store a key sends a credential of its own: a PASSKEY, or a station ID with a password. Such a
credential may be short or easy to guess, so only a digest is stored, keyed with the installation's secret key.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy


class RainGauge(models.TextChoices):
    """The gauge that a station's rain is taken from; the other one's is stored as that of a second gauge."""

    AUTO = "auto", gettext_lazy("The one that sends (the tipping gauge where both do)")
    TIPPING = "tipping", gettext_lazy("Tipping bucket")
    PIEZO = "piezo", gettext_lazy("Piezo (haptic)")


class FieldUnits(models.TextChoices):
    """The units of the numbers in fields such as tempf and windspeedmph."""

    AS_NAMED = "as_named", gettext_lazy("As the fields are named: °F, mph, inHg, in")
    METRIC_KMH = "metric_kmh", gettext_lazy("Metric: °C, km/h, hPa, mm")
    METRIC_MS = "metric_ms", gettext_lazy("Metric: °C, m/s, hPa, mm")


class Console(models.Model):
    """Identification and interpretation of a sensor's console; `digest` is null if it sends a key of the sensor."""

    sensor = models.OneToOneField("sensors.Sensor", on_delete=models.CASCADE, primary_key=True, related_name="console")
    digest = models.BinaryField(null=True, unique=True, max_length=32)
    ending = models.CharField(max_length=64, blank=True)  # for people: an ID, or the last four of a PASSKEY
    rain_gauge = models.CharField(
        gettext_lazy("rain comes from"), max_length=8, choices=RainGauge, default=RainGauge.AUTO
    )
    field_units = models.CharField(
        gettext_lazy("units of the numbers"), max_length=12, choices=FieldUnits, default=FieldUnits.AS_NAMED
    )

    def __str__(self) -> str:
        return f"console of {self.sensor}"


class UnclaimedConsole(models.Model):
    """A console that sends here and belongs to no sensor: its identity and network, without its readings.

    `ingest.senders.unclaimed_consoles`, which writes the table, limits its size.
    """

    digest = models.BinaryField(unique=True, max_length=32)
    shows = models.CharField(max_length=16)  # kind of credential: PASSKEY, or ID
    ending = models.CharField(max_length=64)
    model = models.CharField(max_length=64, blank=True)
    door = models.CharField(max_length=32)
    network = models.CharField(max_length=64)  # the address it sends from; for IPv6 the first 64 bits
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["network", "last_seen_at"], name="seen_console_network")]

    def __str__(self) -> str:
        return f"{self.model or self.door} …{self.ending[-4:]}"

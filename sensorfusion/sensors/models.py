"""Sites, the sensors registered at them, and the sensors' keys.

A sensor has two identifiers: `id`, a small integer in every stored reading, and `uuid`, the public one.
"""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.folding import FoldedField
from sensorfusion.domain.quantities.kinds import KINDS, Kind
from sensorfusion.sensors.consoles.models import Console as Console  # makes Django find models of this app
from sensorfusion.sensors.consoles.models import UnclaimedConsole as UnclaimedConsole
from sensorfusion.sensors.naming.models import SourceField as SourceField
from sensorfusion.sensors.naming.models import UnknownName as UnknownName
from sensorfusion.sensors.notices.models import Notice as Notice
from sensorfusion.sensors.polls.models import Poll as Poll
from sensorfusion.sensors.quality.models import QualityProgress as QualityProgress
from sensorfusion.sensors.quality.models import QualitySettings as QualitySettings
from sensorfusion.sensors.quotas.models import SensorSize as SensorSize
from sensorfusion.sensors.quotas.models import SiteUsage as SiteUsage
from sensorfusion.sensors.rights.models import SensorRight as SensorRight
from sensorfusion.sensors.rights.models import SiteRight as SiteRight
from sensorfusion.sensors.transfer.models import SensorOffer as SensorOffer
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.checks.quantity_name import quantity_name

LATITUDE = [MinValueValidator(-90), MaxValueValidator(90)]
LONGEST_MONTHS = 1200  # a century, practically for ever
LONGITUDE = [MinValueValidator(-180), MaxValueValidator(180)]


class Site(models.Model):
    """A place with a time zone, a location and members."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100, validators=[plain])
    notice = models.CharField(
        max_length=200, blank=True, validators=[plain], help_text="Shown on every page of the site."
    )
    time_zone = models.CharField(max_length=64, default="UTC", help_text="A name of the IANA database: Europe/Warsaw.")
    day_starts_h = models.PositiveSmallIntegerField(
        gettext_lazy("day begins at"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(23)],
        help_text=gettext_lazy(
            "Hour of the local clock at which a day of its records begins: 0, or 9 as at many weather services."
        ),
    )
    latitude = models.FloatField(null=True, blank=True, validators=LATITUDE, help_text=gettext_lazy("Degrees north."))
    longitude = models.FloatField(null=True, blank=True, validators=LONGITUDE, help_text=gettext_lazy("Degrees east."))
    elevation_m = models.FloatField(null=True, blank=True, help_text=gettext_lazy("Metres above mean sea level."))
    keep_months = models.PositiveSmallIntegerField(
        "single readings are kept for",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)],
        help_text="Whole months before the present one; empty for ever. What readings were rolled up into stays.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90)) | models.Q(latitude=None), name="site_latitude"
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__range=(-180, 180)) | models.Q(longitude=None), name="site_longitude"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    PENDING = (
        "pending",
        gettext_lazy("Pending"),
    )  # registered, nothing received yet: the first stored reading makes it active
    ACTIVE = "active", gettext_lazy("Active")
    PAUSED = "paused", gettext_lazy("Paused")  # its readings are rejected with 403 until an editor resumes it


class Transport(models.TextChoices):
    HTTP = "http", "HTTP"
    WEBSOCKET = "websocket", "WebSocket"
    MQTT = "mqtt", "MQTT"
    CONSOLE = "console", gettext_lazy("Weather console")
    LORAWAN = "lorawan", "LoRaWAN"
    FILE = "file", gettext_lazy("Imported files")
    OTHER = "other", gettext_lazy("Other")


class SensorKind(models.TextChoices):
    """The kinds of `domain.quantities.kinds`."""

    WEATHER = Kind.WEATHER, KINDS[Kind.WEATHER]
    ROOM = Kind.ROOM, KINDS[Kind.ROOM]
    FREEZER = Kind.FREEZER, KINDS[Kind.FREEZER]
    TANK = Kind.TANK, KINDS[Kind.TANK]
    METER = Kind.METER, KINDS[Kind.METER]
    CONTACT = Kind.CONTACT, KINDS[Kind.CONTACT]
    AIR = Kind.AIR, KINDS[Kind.AIR]
    WATER = Kind.WATER, KINDS[Kind.WATER]
    SOIL = Kind.SOIL, KINDS[Kind.SOIL]
    OTHER = Kind.OTHER, KINDS[Kind.OTHER]


class Sensor(models.Model):
    """One registered source of readings: a station, a probe."""

    id = models.AutoField(primary_key=True)  # 4 bytes, because it is in every reading and in every index entry
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="sensors")
    name = models.CharField(max_length=100, validators=[plain])
    name_folded = FoldedField(of="name")
    description = models.TextField(blank=True, max_length=2000)
    model = models.CharField(
        max_length=100, blank=True, validators=[plain], help_text=gettext_lazy("Make and model of the device.")
    )
    transport = models.CharField(
        gettext_lazy("communicates by"), max_length=10, choices=Transport, default=Transport.HTTP
    )
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    latitude = models.FloatField(
        null=True, blank=True, validators=LATITUDE, help_text="Where it differs from the site's."
    )
    longitude = models.FloatField(null=True, blank=True, validators=LONGITUDE)
    elevation_m = models.FloatField(null=True, blank=True)
    interval_s = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0.1)],
        help_text=gettext_lazy("Seconds between readings; learned when empty."),
    )
    installed_on = models.DateField(null=True, blank=True)
    keep_months = models.PositiveSmallIntegerField(
        "single readings are kept for",
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_MONTHS)],
        help_text="Whole months before the present one; 0 for ever, empty as its site says.",
    )
    external_id = models.CharField(
        gettext_lazy("known elsewhere as"),
        max_length=128,
        blank=True,
        default="",
        db_default="",
        validators=[plain],
        help_text="What a gateway that sends for many sensors calls this one: a device id, a station id, a tag.",
    )
    external_id_folded = FoldedField(of="external_id")
    # {name: {"quantity": …, "unit": …}}: the quantities of the device's own names, see `sensors.naming.vocabulary`.
    names = models.JSONField(default=dict, db_default={}, blank=True)
    kind = models.CharField(
        max_length=10,
        choices=SensorKind,
        blank=True,
        default="",
        db_default="",
        help_text="What it watches; empty: proposed from what it sends.",
    )
    primary_quantity = models.CharField(
        "main quantity",
        max_length=64,
        blank=True,
        default="",
        db_default="",
        validators=[quantity_name],
        help_text="The quantity of its large number; empty: chosen by its kind.",
    )
    # {quantity: {"label": …, "unit": …, …}}: how its quantities are shown, see `domain.quantities.settings`.
    quantities = models.JSONField(default=dict, db_default={}, blank=True)
    # Of a device that sends local times without a zone: its UTC offset in seconds, learned while its messages arrived
    # in time; null as long as its clock agrees with the site's time zone. Written by `ingest.senders.device_clocks`.
    utc_offset_s = models.IntegerField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="sensor_name_once_per_site"),
            models.UniqueConstraint(
                fields=["site", "external_id"],
                condition=~models.Q(external_id=""),
                name="sensor_external_id_once_per_site",
            ),
            models.UniqueConstraint(
                fields=["site", "name_folded"],
                condition=~models.Q(name_folded=""),
                name="sensor_name_folded_once_per_site",
            ),
            models.UniqueConstraint(
                fields=["site", "external_id_folded"],
                condition=~models.Q(external_id_folded=""),
                name="sensor_external_id_folded_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Key(models.Model):
    """A sensor's secret, stored as its SHA-256 only. `prefix` is the public part, which identifies the key in lists."""

    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="keys")
    prefix = models.CharField(max_length=11, unique=True)
    digest = models.BinaryField(unique=True, max_length=32)
    # The hash that an MQTT broker verifies the key with; it can only be computed when the key is created.
    broker_hash = models.CharField(max_length=128, blank=True, editable=False)
    # Null if a device registered itself, the account is closed, or the key is older than this field.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")

    def __str__(self) -> str:
        return f"{self.prefix}…"


class Attributes(models.Model):
    """Attributes of a sensor, as opposed to readings: `client` is set by the device, `shared` by people."""

    sensor = models.OneToOneField(Sensor, on_delete=models.CASCADE, primary_key=True, related_name="attributes")
    client = models.JSONField(default=dict, blank=True, help_text="Written by the device, such as its firmware.")
    shared = models.JSONField(default=dict, blank=True, help_text="Written by people, for the device to read.")

    def __str__(self) -> str:
        return f"attributes of {self.sensor}"


class Provisioning(models.Model):
    """Lets devices register themselves at a site as long as it exists; its secret is stored as a SHA-256 only."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="provisioning")
    key = models.CharField(max_length=32, unique=True)
    digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.key

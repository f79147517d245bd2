"""Shares, and the views `share_right` and `site_share_right`: which of them show something now.

A share hands on a part of its maker's right. The view joins it with `sensor_right`, the rule of who may change what: a
link ends with the membership, the role or the account of the operator who made it, with no code that has to remember
it. Everything that a link shows is read by way of this view (`queries.shared`).

The shared page of a site is a row of its own with a share for each of its sensors. Those have the maker and the end of
the page by the view, so that the page and its parts end together.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sharing.screens.models import Screen as Screen

NAME_LONGEST = 80
SHARES_MOST = 50  # of a sensor
ORIGINS_MOST = 10  # of a share
QUANTITIES_MOST = 100  # of a share
ABOUT_LONGEST = 300
SLUG_LONGEST = 60


class History(models.TextChoices):
    """The longest range that a share shows; the values are ranges of the report page."""

    DAY = "24h", gettext_lazy("The last 24 hours")
    WEEK = "7d", gettext_lazy("The last 7 days")
    MONTH = "30d", gettext_lazy("The last 30 days")
    YEAR = "1y", gettext_lazy("The last year")


class Grid(models.IntegerChoices):
    """The size in hundredths of a degree of the squares of which a share names the middle; 0 hides the place."""

    HIDDEN = 0, gettext_lazy("Hidden")
    WIDE = 100, gettext_lazy("To about 100 km")
    NARROW = 10, gettext_lazy("To about 10 km")


class SiteShare(models.Model):
    """The shared page of a site, by link or public. A site without one is private."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    seed = models.BinaryField(max_length=16, editable=False)
    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="shared_page")
    made_by = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    name = models.CharField(max_length=NAME_LONGEST, help_text="The heading of the page.")
    about = models.CharField(max_length=ABOUT_LONGEST, blank=True, help_text="Some words below the heading.")
    slug = models.CharField(
        max_length=SLUG_LONGEST,
        null=True,
        blank=True,
        unique=True,
        help_text="Of the address of a public page; null for a page that is shown by its link only.",
    )
    history = models.CharField(max_length=3, choices=History, default=History.DAY)
    grid = models.PositiveSmallIntegerField(choices=Grid, default=Grid.HIDDEN)
    password = models.CharField(max_length=128, blank=True, help_text="A hash; empty for a page without a password.")
    expires_at = models.DateTimeField(null=True, blank=True)
    origins = models.JSONField(default=list, blank=True, help_text="Sites that may embed its cards; none at first.")
    views = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "site_share"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug=None) | models.Q(password=""), name="public_page_without_password"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        return self.slug is not None


class Share(models.Model):
    """A link to chosen quantities of a sensor. To revoke it is to delete it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    seed = models.BinaryField(max_length=16, editable=False)
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="shares")
    page = models.ForeignKey(
        SiteShare,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="parts",
        help_text="The page of a site that it is a part of; null for a link of its own.",
    )
    made_by = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    name = models.CharField(max_length=NAME_LONGEST, help_text="The heading of the page that it shows.")
    quantities = models.JSONField(help_text="The names of the quantities that it shows, in their order.")
    history = models.CharField(max_length=3, choices=History, default=History.DAY)
    grid = models.PositiveSmallIntegerField(choices=Grid, default=Grid.HIDDEN)
    password = models.CharField(max_length=128, blank=True, help_text="A hash; empty for a link without a password.")
    expires_at = models.DateTimeField(null=True, blank=True)
    origins = models.JSONField(
        default=list, blank=True, help_text="Sites that may embed it, as origins; none at first."
    )
    views = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "share"
        constraints = [models.UniqueConstraint(fields=["page", "sensor"], name="sensor_once_on_a_page")]

    def __str__(self) -> str:
        return self.name


class ShareRight(models.Model):
    """A share whose maker may change its sensor. Whether it has expired is compared with `expires_at`."""

    share = models.OneToOneField(Share, on_delete=models.DO_NOTHING, primary_key=True, related_name="right")
    digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField(null=True)
    operator = models.ForeignKey(Operator, on_delete=models.DO_NOTHING, related_name="+")
    sensor = models.ForeignKey(Sensor, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "share_right"
        default_permissions = ()

    def __str__(self) -> str:
        return f"share {self.share_id} of sensor {self.sensor_id}"


class SiteShareRight(models.Model):
    """The page of a site whose maker may change the site. Whether it has expired is compared with `expires_at`."""

    page = models.OneToOneField(SiteShare, on_delete=models.DO_NOTHING, primary_key=True, related_name="right")
    digest = models.BinaryField(max_length=32)
    slug = models.CharField(max_length=SLUG_LONGEST, null=True)  # noqa: DJ001  # null: by link
    expires_at = models.DateTimeField(null=True)
    operator = models.ForeignKey(Operator, on_delete=models.DO_NOTHING, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "site_share_right"
        default_permissions = ()

    def __str__(self) -> str:
        return f"page {self.page_id} of site {self.site_id}"

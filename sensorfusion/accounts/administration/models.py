"""What administrators decide for the whole installation: switches of features, and announcements on all pages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from sensorfusion.web.checks.plain_text import plain

LONGEST_ANNOUNCEMENT = 300


class Feature(models.TextChoices):
    """What an administrator can close to everyone. What was made before goes on."""

    SHARING = "sharing", gettext_lazy("Shared links and public pages")
    WEBHOOKS = "webhooks", gettext_lazy("Webhooks")
    SEND_ON = "send_on", gettext_lazy("Sending readings on to networks")
    POLLING = "polling", gettext_lazy("Fetching readings from addresses")
    IMPORTS = "imports", gettext_lazy("Importing files from pages")


class ClosedFeature(models.Model):
    """A feature of which nothing new is made as long as its row exists."""

    feature = models.CharField(max_length=20, choices=Feature, primary_key=True)
    closed_at = models.DateTimeField()

    class Meta:
        db_table = "closed_feature"

    def __str__(self) -> str:
        return self.feature


class Announcement(models.Model):
    """A sentence that stands on every page until it ends, or until its reader dismisses it."""

    text = models.CharField(max_length=LONGEST_ANNOUNCEMENT, validators=[plain])
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "announcement"

    def __str__(self) -> str:
        return self.text

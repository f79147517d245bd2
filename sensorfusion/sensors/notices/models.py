"""Notices: what arrived and was not understood, ignored or doubtful, with what to do about it."""

from django.db import models
from django.utils import timezone

from sensorfusion.accounts.folding import FoldedField

LONGEST_SUBJECT = 200
LONGEST_DETAIL = 500


class Notice(models.Model):
    """One kind of thing that arrived for a sensor, or for a site if no sensor is known for it.

    Written by `ingest.steps.notices`; the same kind again only raises `count` and `last_at`.
    """

    sensor = models.ForeignKey("sensors.Sensor", on_delete=models.CASCADE, null=True, related_name="notices")
    site = models.ForeignKey("sensors.Site", on_delete=models.CASCADE, null=True, related_name="notices")
    code = models.CharField(max_length=32)  # of `domain.errors`
    subject = models.CharField(max_length=LONGEST_SUBJECT)  # a field, a component, a topic
    subject_folded = FoldedField(of="subject")
    detail = models.CharField(max_length=LONGEST_DETAIL)
    count = models.BigIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sensor", "code", "subject"],
                condition=models.Q(sensor__isnull=False),
                name="notice_once_per_sensor",
            ),
            models.UniqueConstraint(
                fields=["site", "code", "subject"], condition=models.Q(sensor__isnull=True), name="notice_once_per_site"
            ),
            models.CheckConstraint(
                condition=models.Q(sensor__isnull=False) | models.Q(site__isnull=False), name="notice_has_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}"

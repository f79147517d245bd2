"""How serious an alert is."""

from django.db import models
from django.utils.translation import gettext_lazy, gettext_noop

WORDS = (gettext_noop("info"), gettext_noop("warning"), gettext_noop("critical"))  # the values, beside a mark


class Severity(models.TextChoices):
    INFO = "info", gettext_lazy("Info")
    WARNING = "warning", gettext_lazy("Warning")
    CRITICAL = "critical", gettext_lazy("Critical")

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

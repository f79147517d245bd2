"""A change of an account's e-mail address that waits for its confirmation."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models

from sensorfusion.accounts.folding import EmailKeyField

VALID_FOR: Final = timedelta(days=1)  # of a change, and of every link


class AddressChange(models.Model):
    """The one open change of an operator; deleted when it is made, refused or cancelled."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_change")
    before = models.EmailField()
    email = models.EmailField("new e-mail address")
    email_key = EmailKeyField(of="email")
    asked_at = models.DateTimeField()
    # An address that was never proved may belong to a stranger: it is neither told nor asked.
    needs_before = models.BooleanField(default=True)
    before_confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # by the new address

    def __str__(self) -> str:
        return f"{self.before} → {self.email}"

    @property
    def waits_for(self) -> list[str]:
        """The addresses that have not confirmed yet."""
        before = [self.before] if self.needs_before and self.before_confirmed_at is None else []
        return [*before, *([self.email] if self.confirmed_at is None else [])]

    def is_open(self, now: datetime) -> bool:
        return now < self.asked_at + VALID_FOR

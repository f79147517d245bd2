"""What precedes an account: an invitation, the answer to a link that was sent, or the code of a new installation."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models

LINK_VALID_FOR: Final = timedelta(days=1)  # to confirm a new account


class SignUpInvitation(models.Model):
    """An invitation to make one account, by an administrator. Its link is signed, and not stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Empty for one that is handed over as a link, and works for its bearer.
    email = models.EmailField("e-mail address", blank=True)
    # The link went to the address only, so that its bearer reads what is sent to the address.
    is_mailed = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_up_invitation"

    def __str__(self) -> str:
        return self.email or f"link {str(self.uuid)[:8]}"

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.ends_at


class PendingAccount(models.Model):
    """An account that is made when the link that was sent to its address is followed, with its password."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=100, blank=True)
    password = models.CharField(max_length=128)  # hashed
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="", db_default="")  # of the page of the sign-up
    asked_at = models.DateTimeField(db_index=True)
    invitation = models.ForeignKey(SignUpInvitation, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "pending_account"

    def __str__(self) -> str:
        return self.email


class SetUpCode(models.Model):
    """The code by which the first administrator is made; there is at most one, that of the last start."""

    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "set_up_code"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="set_up_code_one")]

    def __str__(self) -> str:
        return f"of {self.made_at:%Y-%m-%dT%H:%MZ}"

"""The outbox: messages that wait for the sender, and what became of them."""

from datetime import datetime
from typing import Final

from django.db import models
from django.utils import timezone

from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import LONGEST_SUBJECT
from sensorfusion.mail.smtp import LONGEST_REASON

LONGEST_ABOUT: Final = 64


class OutboxMessage(models.Model):
    """One message to one address. Composed by `outbox.queue`, in the transaction of what it is about.

    Messages that carry a secret have no text before they are sent: it is made by the sender, and never stored.
    """

    kind = models.CharField(max_length=20, choices=Kind)
    recipient = models.EmailField()
    recipient_key = models.EmailField()  # for comparison: `domain.texts.email_addresses.email_key`
    about = models.CharField(max_length=LONGEST_ABOUT, blank=True)  # such as the invitation, or who asked for it
    subject = models.CharField(max_length=LONGEST_SUBJECT, blank=True)
    text = models.TextField(blank=True)  # it and `html` are emptied when the message is sent
    html = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()  # of no use afterwards
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=LONGEST_REASON, blank=True)
    tries = models.JSONField(default=list, db_default=[], help_text="When each attempt failed, and why.")

    class Meta:
        db_table = "mail_outbox"
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="outbox_waiting",
            ),
            models.Index(fields=["recipient_key", "created_at"], name="outbox_recipient"),
            models.Index(fields=["about"], condition=~models.Q(about=""), name="outbox_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(given_up_at=None), name="outbox_sent_or_given_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"

    @property
    def state(self) -> str:
        """Return what became of it, as pages say it."""
        if self.sent_at:
            return "sent"
        return "given up" if self.given_up_at else "waiting"

    def useful_until(self) -> datetime:
        """Return the instant after which it is not sent any more."""
        return self.created_at + Kind(self.kind).useful_for

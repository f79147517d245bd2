"""The kinds of messages that the platform sends. A new kind needs an entry here, and one in `tests/mail/test_kinds.py`.

Messages about the security of an account always come; others can be turned off by their reader.
"""

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy


class Kind(models.TextChoices):
    """What a message is about; the values are stored."""

    NEW_SIGN_IN = "new_sign_in", gettext_lazy("A sign-in from a new browser or network")
    PASSWORD_CHANGED = "password_changed", gettext_lazy("A changed password")
    EMAIL_CHANGED = "email_changed", gettext_lazy("A changed e-mail address")
    SIGN_UP = "sign_up", gettext_lazy("A new account")
    SIGN_UP_INVITATION = "sign_up_invitation", gettext_lazy("An invitation to make an account")
    ADDRESS_PROOF = "address_proof", gettext_lazy("The proof of an e-mail address")
    ADDRESS_BEFORE = "address_before", gettext_lazy("A change of address, to the present one")
    ADDRESS_AFTER = "address_after", gettext_lazy("A change of address, to the new one")
    ACCOUNT_CLOSED = "account_closed", gettext_lazy("A closed account")
    TOKEN_MADE = "token_made", gettext_lazy("A new API token")
    FACTOR_CHANGED = "factor_changed", gettext_lazy("A second factor added or removed")
    PASSWORD_RESET = "password_reset", gettext_lazy("A forgotten password")
    INVITATION = "invitation", gettext_lazy("An invitation to a site")
    SENSOR_OFFER = "sensor_offer", gettext_lazy("An offer of a sensor")
    MEMBER_JOINED = "member_joined", gettext_lazy("A new member of a site of yours")
    MEMBERSHIP_ENDED = "membership_ended", gettext_lazy("The end of your membership of a site")
    ALERT = "alert", gettext_lazy("Alerts of sites of yours")
    REPORT = "report", gettext_lazy("Reports that you subscribed to")
    TEST = "test", gettext_lazy("A test message")

    @property
    def is_optional(self) -> bool:
        return self in OPTIONAL

    @property
    def is_asked_for(self) -> bool:
        """Return whether the reader asked for this very message."""
        return self in ASKED_FOR

    @property
    def useful_for(self) -> timedelta:
        """Return how long after its making the message may still be sent."""
        return REQUESTS_USEFUL_FOR if self.is_asked_for else NOTICES_USEFUL_FOR


OPTIONAL: Final = frozenset(
    {Kind.INVITATION, Kind.SENSOR_OFFER, Kind.MEMBER_JOINED, Kind.MEMBERSHIP_ENDED, Kind.ALERT, Kind.REPORT}
)
ASKED_FOR: Final = frozenset(
    {
        *(Kind.PASSWORD_RESET, Kind.TEST, Kind.ADDRESS_PROOF, Kind.ADDRESS_BEFORE, Kind.ADDRESS_AFTER),
        *(Kind.SIGN_UP, Kind.SIGN_UP_INVITATION),
    }
)
SECURITY: Final = (
    *(Kind.NEW_SIGN_IN, Kind.PASSWORD_CHANGED, Kind.EMAIL_CHANGED, Kind.TOKEN_MADE, Kind.FACTOR_CHANGED),
    Kind.ACCOUNT_CLOSED,
)
NOTICES_USEFUL_FOR: Final = timedelta(days=2)
REQUESTS_USEFUL_FOR: Final = timedelta(hours=1)

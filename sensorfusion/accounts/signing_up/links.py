"""Links of invitations and of new accounts: signed, never stored. What they name says how long they are valid."""

from enum import StrEnum
from uuid import UUID

from django.core import signing

from sensorfusion.mail.message import address_of

_SALT = "sensorfusion sign-up link"


class Purpose(StrEnum):
    INVITED = "invited"
    CONFIRM = "confirm"


def token_of(purpose: Purpose, subject: UUID) -> str:
    """Return the text that stands for an invitation or a new account."""
    return signing.dumps([purpose, subject.hex], salt=_SALT)


def path_of(purpose: Purpose, subject: UUID) -> str:
    """Return the path that is sent."""
    return address_of(f"sign-up-{purpose}", token_of(purpose, subject))


def subject_of(purpose: Purpose, token: str) -> UUID | None:
    """Return what a token stands for; None if it is none of ours, or for another purpose."""
    try:
        given, subject = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return UUID(subject) if given == purpose else None

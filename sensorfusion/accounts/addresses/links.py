"""Links in e-mails about an address: signed, valid for a day, and never stored."""

from enum import StrEnum
from typing import NamedTuple

from django.core import signing
from django.utils.crypto import salted_hmac

from sensorfusion.accounts.addresses.models import VALID_FOR
from sensorfusion.mail.message import address_of

_SALT = "sensorfusion address link"


class Step(StrEnum):
    PROOF = "proof"
    BEFORE = "before"  # a change, confirmed by the present address
    AFTER = "after"  # the same by the new one


class Link(NamedTuple):
    """What a link is for: `subject` is the public id of an operator or of a change, `stamp` stands for the address."""

    step: Step
    subject: str
    stamp: str


def link(step: Step, subject: object, email: str) -> Link:
    """Return the link of a step that was sent to an address."""
    return Link(step, str(subject), salted_hmac(_SALT, email, algorithm="sha256").hexdigest()[:24])


def path_of(sent: Link) -> str:
    """Return the path that is sent."""
    return address_of("address-link", signing.dumps(list(sent), salt=_SALT))


def link_of(token: str) -> Link | None:
    """Return the link that a token is of; None if it is none of ours, or too old."""
    try:
        step, subject, stamp = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return Link(Step(step), subject, stamp)

"""The messages about new accounts."""

from datetime import datetime

from django.utils.translation import gettext

from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of
from sensorfusion.web.values.dates import day_of_year


def confirmation(*, path: str) -> Message:
    return Message(
        kind=Kind.SIGN_UP,
        subject=gettext("Confirm your new account"),
        sentences=(
            gettext(
                "An account with this address was asked for. It is made when you confirm it with the password that was "
                "chosen."
            ),
            gettext("The link works for a day."),
        ),
        link=(gettext("Confirm the account"), path),
        advice=gettext("If that was not you, do nothing: no account is made."),
    )


def has_account(*, email: str) -> Message:
    """Tell only the reader of an address that it has an account; the person who asked for another is not told."""
    return Message(
        kind=Kind.SIGN_UP,
        subject=gettext("You have an account already"),
        sentences=(
            gettext("An account with this address was asked for, but there is one already. Nothing was changed."),
        ),
        facts=((gettext("Address"), email),),
        link=(gettext("Sign in"), address_of("sign-in")),
        advice=gettext("If you do not know its password, use “Forgotten password” there."),
    )


def invitation(*, path: str, ends_at: datetime) -> Message:
    return Message(
        kind=Kind.SIGN_UP_INVITATION,
        subject=gettext("You are invited to make an account"),
        sentences=(
            gettext(
                "An administrator invites you to this installation. The link makes one account, with this address."
            ),
        ),
        facts=((gettext("Until"), f"{day_of_year(ends_at)} {ends_at:%H:%M} UTC"),),
        link=(gettext("Make an account"), path),
        advice=gettext("If you do not know who invites you, do nothing: the invitation ends by itself."),
    )

"""The messages with which an address is proved, and its change confirmed."""

from django.utils.translation import gettext, gettext_noop, pgettext

from sensorfusion.accounts.addresses.models import AddressChange
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of

_ONCE = gettext_noop("The link works for a day.")


def proof(*, path: str) -> Message:
    return Message(
        kind=Kind.ADDRESS_PROOF,
        subject=gettext("Is this your address?"),
        sentences=(
            gettext("An account with this address was made. Confirm that you read what is sent to it."),
            gettext(_ONCE),
        ),
        link=(gettext("Confirm the address"), path),
        advice=gettext("If that was not you, do nothing: no other messages of this account are sent to you."),
    )


def to_the_present(*, change: AddressChange, path: str) -> Message:
    return Message(
        kind=Kind.ADDRESS_BEFORE,
        subject=gettext("Shall your account get another address?"),
        sentences=(
            gettext(
                "The e-mail address of your account is to be changed. It is when this address and the new one have "
                "confirmed it."
            ),
            gettext(_ONCE),
        ),
        facts=((pgettext("address", "Now"), change.before), (gettext("To be"), change.email)),
        link=(gettext("Confirm or refuse it"), path),
        advice=gettext(
            "If that was not you, refuse it there, and change your password, which is known to another person."
        ),
    )


def to_the_new(*, change: AddressChange, path: str) -> Message:
    return Message(
        kind=Kind.ADDRESS_AFTER,
        subject=gettext("Confirm your new address"),
        sentences=(gettext("This address is to be that of an account. Confirm that you want that."), gettext(_ONCE)),
        facts=((gettext("To be"), change.email),),
        link=(gettext("Confirm the address"), path),
        advice=gettext("If that was not you, do nothing: the account keeps the address that it has."),
    )


def in_use(*, change: AddressChange) -> Message:
    """Tell only the reader of an address that it has an account; who asked for the change is not told."""
    return Message(
        kind=Kind.ADDRESS_AFTER,
        subject=gettext("Your address has an account already"),
        sentences=(gettext("This address was to be that of an account, but it has one already. Nothing was changed."),),
        facts=((gettext("Address"), change.email),),
        link=(gettext("Sign in"), address_of("sign-in")),
        advice=gettext("If you do not know its password, use “Forgotten password” there."),
    )

"""The messages with which an address is proved, and its change confirmed."""

from sensorfusion.accounts.addresses.models import AddressChange
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of

_ONCE = "The link works for a day."


def proof(*, path: str) -> Message:
    return Message(
        kind=Kind.ADDRESS_PROOF,
        subject="Is this your address?",
        sentences=("An account with this address was made. Confirm that you read what is sent to it.", _ONCE),
        link=("Confirm the address", path),
        advice="If that was not you, do nothing: no other messages of this account are sent to you.",
    )


def to_the_present(*, change: AddressChange, path: str) -> Message:
    return Message(
        kind=Kind.ADDRESS_BEFORE,
        subject="Shall your account get another address?",
        sentences=(
            "The e-mail address of your account is to be changed. It is when this address and the new one have "
            "confirmed it.",
            _ONCE,
        ),
        facts=(("Now", change.before), ("To be", change.email)),
        link=("Confirm or refuse it", path),
        advice="If that was not you, refuse it there, and change your password, which is known to another person.",
    )


def to_the_new(*, change: AddressChange, path: str) -> Message:
    return Message(
        kind=Kind.ADDRESS_AFTER,
        subject="Confirm your new address",
        sentences=("This address is to be that of an account. Confirm that you want that.", _ONCE),
        facts=(("To be", change.email),),
        link=("Confirm the address", path),
        advice="If that was not you, do nothing: the account keeps the address that it has.",
    )


def in_use(*, change: AddressChange) -> Message:
    """Tell only the reader of an address that it has an account; who asked for the change is not told."""
    return Message(
        kind=Kind.ADDRESS_AFTER,
        subject="Your address has an account already",
        sentences=("This address was to be that of an account, but it has one already. Nothing was changed.",),
        facts=(("Address", change.email),),
        link=("Sign in", address_of("sign-in")),
        advice="If you do not know its password, use “Forgotten password” there.",
    )

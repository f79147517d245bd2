"""The messages about an account, and the link for a forgotten password."""

from sensorfusion.accounts.audit.origin import COMMAND_LINE, origin
from sensorfusion.accounts.models import ApiToken
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of, one_line, shown_name

_NOT_YOU = "If that was not you, change your password at once: every API token and all other sessions end with it."
_FORGOTTEN = "If that was not you, set a new password with “Forgotten password” on the sign-in page."


def new_sign_in(*, client: str) -> Message:
    return Message(
        kind=Kind.NEW_SIGN_IN,
        subject="New sign-in to your account",
        sentences=("Your account was signed in to from a browser or a network that was not seen before.",),
        facts=(("With", client), _where()),
        link=("Look at your account", address_of("account")),
        advice=_NOT_YOU,
    )


def password_changed() -> Message:
    return Message(
        kind=Kind.PASSWORD_CHANGED,
        subject="Your password was changed",
        sentences=("The password of your account was changed. All its API tokens and other sessions have ended.",),
        facts=(_where(),),
        link=("Sign in", address_of("sign-in")),
        advice=_FORGOTTEN,
    )


def email_changed(*, before: str, after: str) -> Message:
    return Message(
        kind=Kind.EMAIL_CHANGED,
        subject="Your e-mail address was changed",
        sentences=("The e-mail address of your account was changed. From now on, sign in with the new one.",),
        facts=(("Before", before), ("Now", after), _where()),
        link=("Look at your account", address_of("account")),
        advice="If that was not you, ask the administrator of this installation at once to give your account back.",
    )


def account_closed() -> Message:
    return Message(
        kind=Kind.ACCOUNT_CLOSED,
        subject="Your account is closed",
        sentences=("Your account was closed, and what it alone owned was deleted.",),
        facts=(_where(),),
        advice="If that was not you, ask the administrator of this installation, who may have a backup.",
    )


def token_made(*, token: ApiToken) -> Message:
    return Message(
        kind=Kind.TOKEN_MADE,
        subject="A new API token",
        sentences=("An API token was made for your account. A program that has it acts on your behalf.",),
        facts=(
            ("For", shown_name(token.label, "a program")),
            ("May", token.get_scope_display()),
            ("Ends", f"{token.expires_at:%-d %B %Y}"),
            _where(),
        ),
        link=("Look at your tokens", f"{address_of('account')}#tokens"),
        advice="If that was not you, revoke the token there and change your password.",
    )


def second_factor_changed(*, what: str) -> Message:
    return Message(
        kind=Kind.FACTOR_CHANGED,
        subject="The second factor of your account was changed",
        sentences=(f"{what}.",),
        facts=(_where(),),
        link=("Look at your account", address_of("mfa_index")),
        advice=_NOT_YOU,
    )


def password_reset(*, path: str, asked_from: str) -> Message:
    return Message(
        kind=Kind.PASSWORD_RESET,
        subject="Set a new password",
        sentences=("The account with this address is to get a new password. The link works once, within an hour.",),
        facts=(("Asked from", one_line(asked_from) or "an unknown address"),),
        link=("Set a new password", path),
        advice="If you did not ask for it, do nothing: your password stays as it is.",
    )


def test() -> Message:
    return Message(
        kind=Kind.TEST,
        subject="Test message",
        sentences=("E-mail of this installation reaches you.",),
        link=("Look at your account", address_of("account")),
    )


def _where() -> tuple[str, str]:
    found = origin()
    return ("From", "the server's command line" if found == COMMAND_LINE else one_line(found) or "an unknown address")

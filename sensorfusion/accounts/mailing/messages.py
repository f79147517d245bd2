"""The messages about an account, and the link for a forgotten password."""

from django.utils.translation import gettext, gettext_noop, pgettext

from sensorfusion.accounts.audit.origin import COMMAND_LINE, origin
from sensorfusion.accounts.models import ApiToken
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of, one_line, shown_name
from sensorfusion.web.values.dates import long_day_of_year

_NOT_YOU = gettext_noop(
    "If that was not you, change your password at once: every API token and all other sessions end with it."
)
_FORGOTTEN = gettext_noop("If that was not you, set a new password with “Forgotten password” on the sign-in page.")


def new_sign_in(*, client: str) -> Message:
    return Message(
        kind=Kind.NEW_SIGN_IN,
        subject=gettext("New sign-in to your account"),
        sentences=(gettext("Your account was signed in to from a browser or a network that was not seen before."),),
        facts=((pgettext("fact", "With"), client), _where()),
        link=(gettext("Look at your account"), address_of("account")),
        advice=gettext(_NOT_YOU),
    )


def program_signed_in() -> Message:
    return new_sign_in(client=gettext("a program"))


def password_changed() -> Message:
    return Message(
        kind=Kind.PASSWORD_CHANGED,
        subject=gettext("Your password was changed"),
        sentences=(
            gettext("The password of your account was changed. All its API tokens and other sessions have ended."),
        ),
        facts=(_where(),),
        link=(gettext("Sign in"), address_of("sign-in")),
        advice=gettext(_FORGOTTEN),
    )


def email_changed(*, before: str, after: str) -> Message:
    return Message(
        kind=Kind.EMAIL_CHANGED,
        subject=gettext("Your e-mail address was changed"),
        sentences=(gettext("The e-mail address of your account was changed. From now on, sign in with the new one."),),
        facts=((pgettext("address", "Before"), before), (pgettext("address", "Now"), after), _where()),
        link=(gettext("Look at your account"), address_of("account")),
        advice=gettext(
            "If that was not you, ask the administrator of this installation at once to give your account back."
        ),
    )


def account_closed() -> Message:
    return Message(
        kind=Kind.ACCOUNT_CLOSED,
        subject=gettext("Your account is closed"),
        sentences=(gettext("Your account was closed, and what it alone owned was deleted."),),
        facts=(_where(),),
        advice=gettext("If that was not you, ask the administrator of this installation, who may have a backup."),
    )


def token_made(*, token: ApiToken) -> Message:
    return Message(
        kind=Kind.TOKEN_MADE,
        subject=gettext("A new API token"),
        sentences=(gettext("An API token was made for your account. A program that has it acts on your behalf."),),
        facts=(
            (pgettext("fact", "For"), shown_name(token.label, gettext("a program"))),
            (pgettext("of a token", "May"), token.get_scope_display()),
            (gettext("Ends"), long_day_of_year(token.expires_at)),
            _where(),
        ),
        link=(gettext("Look at your tokens"), f"{address_of('account')}#tokens"),
        advice=gettext("If that was not you, revoke the token there and change your password."),
    )


def second_factor_changed(*, what: str) -> Message:
    """Write what was added, removed or replaced; `what` is a sentence that is marked for translation."""
    return Message(
        kind=Kind.FACTOR_CHANGED,
        subject=gettext("The second factor of your account was changed"),
        sentences=(gettext(what),),
        facts=(_where(),),
        link=(gettext("Look at your account"), address_of("mfa_index")),
        advice=gettext(_NOT_YOU),
    )


def password_reset(*, path: str, asked_from: str) -> Message:
    return Message(
        kind=Kind.PASSWORD_RESET,
        subject=gettext("Set a new password"),
        sentences=(
            gettext("The account with this address is to get a new password. The link works once, within an hour."),
        ),
        facts=((gettext("Asked from"), one_line(asked_from) or gettext("an unknown address")),),
        link=(gettext("Set a new password"), path),
        advice=gettext("If you did not ask for it, do nothing: your password stays as it is."),
    )


def test() -> Message:
    return Message(
        kind=Kind.TEST,
        subject=gettext("Test message"),
        sentences=(gettext("E-mail of this installation reaches you."),),
        link=(gettext("Look at your account"), address_of("account")),
    )


def _where() -> tuple[str, str]:
    found = origin()
    if found == COMMAND_LINE:
        return pgettext("fact", "From"), gettext("the server's command line")
    return pgettext("fact", "From"), one_line(found) or gettext("an unknown address")

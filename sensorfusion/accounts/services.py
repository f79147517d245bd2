"""Services that change operators and their API tokens. Loss of a right is announced in the same transaction.

Creating and closing an account also changes sites; both are in `sensors.services`, the layer that knows sites.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypedDict, Unpack

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language, gettext, override

from sensorfusion.accounts.addresses.models import AddressChange
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.mailing import messages
from sensorfusion.accounts.mailing.services import tell, tell_of_program
from sensorfusion.accounts.mailing.user_agents import described
from sensorfusion.accounts.models import ApiToken, Operator, TokenScope, address
from sensorfusion.accounts.secrets import digest, make_token
from sensorfusion.accounts.signing_in import factors
from sensorfusion.domain.quotas.usage import require_room
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged
from sensorfusion.web.languages import LANGUAGES

SIGN_IN_LIFE = timedelta(days=30)
TOKEN_LIFE = timedelta(days=365)
# `last_used_at` is for people ("is this still in use?"): a resolution of a minute is enough and saves a write per
# request.
USE_NOTED_EVERY = timedelta(minutes=1)


class Profile(TypedDict, total=False):
    name: str
    units: str
    single_units: list[str]
    clock: str
    week_begins: str
    language: str
    muted_mail: list[str]


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token and its text, which is shown only once."""

    token: ApiToken
    text: str = field(repr=False)


@transaction.atomic
def make_operator(*, email: str, password: str, name: str, now: datetime, is_admin: bool = False) -> Operator:
    """Create an account without a site.

    :raises Refusal: `email_taken` or `weak_password`. :raises ValidationError: for an invalid address or name.
    """
    operator = require_acceptable(email=email, password=password, name=name)
    operator.trusted_email = operator.email
    operator.is_staff = operator.is_superuser = is_admin
    operator.joined_at = now
    operator.language = _language()
    operator.set_password(password)
    try:
        with transaction.atomic():
            operator.save()
    except IntegrityError as error:
        raise Refusal("email_taken", field="email") from error
    record(Action.ACCOUNT_CREATED, by=operator)
    return operator


def _language() -> str:
    """Return the language of the page that makes an account, for its messages; English is that of no choice."""
    language = get_language() or ""
    return language if language != settings.LANGUAGE_CODE and language in LANGUAGES else ""


def require_acceptable(*, email: str, password: str, name: str) -> Operator:
    """Return the account that could be made of these, without a password and not saved.

    :raises Refusal: `weak_password`. :raises ValidationError: for an invalid address or name.
    """
    operator = Operator(email=address(email), name=name.strip())
    operator.clean_fields(exclude=["password"])
    _check_password(password, operator)
    return operator


def sign_in(*, email: str, password: str, now: datetime, code: str = "") -> IssuedToken:
    """Issue a token for a correct password, and the code of a second factor if the account has one.

    An unknown address takes as long as a wrong password, and gets the same answer.

    :raises Refusal: `wrong_credentials`, `code_needed`, `wrong_code`, `too_fast` or `limit_reached`.
    """
    operator = authenticate(username=email.strip(), password=password)
    if not isinstance(operator, Operator):
        raise Refusal("wrong_credentials")
    factors.require_code(operator, code, now=now)
    with transaction.atomic():
        ApiToken.objects.filter(operator=operator, expires_at__lte=now).delete()
        operator.last_login = now
        operator.save(update_fields=["last_login"])
        tell_of_program(operator)
        return open_program_session(operator=operator, now=now)


@transaction.atomic
def open_program_session(*, operator: Operator, now: datetime) -> IssuedToken:
    """Sign a program in, as an operator who was identified by a password: issue a token for 30 days."""
    record(Action.SIGNED_IN, by=operator)
    return _make_token(operator, "Sign-in", TokenScope.ADMINISTER, now, now + SIGN_IN_LIFE)


@transaction.atomic
def open_session(
    *, request: HttpRequest, operator: Operator, backend: str | None = None, is_new_browser: bool = False
) -> None:
    """Sign a browser in, as an operator who was identified by a password, and who is told of a new browser."""
    login(request, operator, backend=backend)
    record(Action.SIGNED_IN, by=operator)
    if is_new_browser:
        agent = request.headers.get("User-Agent", "")
        tell(lambda: messages.new_sign_in(client=described(agent)), to=operator)


@transaction.atomic
def issue_token(
    *,
    operator: Operator,
    label: str,
    now: datetime,
    scope: TokenScope = TokenScope.ADMINISTER,
    life: timedelta = TOKEN_LIFE,
    sites: Collection[int] | None = None,
) -> IssuedToken:
    """Create a token; its text is only in the returned object. With `sites`, it reaches only these.

    An operator who acts by a token gets none that is wider, and one that ends with it at the latest.

    :raises Refusal: `narrow_token` or `limit_reached`.
    """
    sites, ends_at = _within_limits(operator, scope, sites, now + life)
    issued = _make_token(operator, label, scope, now, ends_at, sites)
    with override(settings.LANGUAGE_CODE):
        record(Action.TOKEN_MADE, by=operator, subject=f"{_named(issued.token)}: {issued.token.get_scope_display()}")
    tell(partial(messages.token_made, token=issued.token), to=operator)
    return issued


def hold(*operators: int) -> None:
    """Block other requests that count what these operators have, until the transaction ends."""
    held = Operator.objects.filter(pk__in=operators).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))


def _make_token(
    operator: Operator,
    label: str,
    scope: TokenScope,
    now: datetime,
    ends_at: datetime,
    sites: Collection[int] | None = None,
) -> IssuedToken:
    hold(operator.pk)
    valid = ApiToken.objects.filter(operator=operator, expires_at__gt=now).count()
    require_room(used=valid, limit=settings.ENVIRONMENT.operator_tokens, of=gettext("Your valid API tokens"))
    text = make_token()
    token = ApiToken.objects.create(
        operator=operator,
        digest=digest(text),
        last4=text[-4:],
        label=label,
        scope=scope,
        created_at=now,
        expires_at=ends_at,
        is_bound=sites is not None,
    )
    token.sites.set(sites or ())
    return IssuedToken(token, text)


def _named(token: ApiToken) -> str:
    return f"{token.label} {token}".strip()


def _within_limits(
    operator: Operator, scope: TokenScope, sites: Collection[int] | None, ends_at: datetime
) -> tuple[Collection[int] | None, datetime]:
    limits = operator.limits
    if limits is None:
        return sites, ends_at
    sites = limits.sites if sites is None else sites
    if not limits.scope.includes(scope) or not (limits.sites is None or set(sites or ()) <= limits.sites):
        detail = gettext("A token makes no token with a wider scope or other sites than its own.")
        raise Refusal("narrow_token", detail)
    return sites, min(ends_at, limits.expires_at)


def note_use(*, token: ApiToken, now: datetime) -> None:
    """Record that the token was used, at most once a minute."""
    before = now - USE_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        fresh = ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=before), pk=token.pk)
        fresh.update(last_used_at=now)


@transaction.atomic
def end_token(*, token: ApiToken) -> None:
    """Delete a token, also to sign out; sockets that were opened with it close."""
    record(Action.TOKEN_REVOKED, by=token.operator, subject=_named(token))
    token.delete()
    announce(AccessChanged(operator=token.operator_id))


@transaction.atomic
def end_session(*, request: HttpRequest) -> None:
    """Sign the browser out; sockets that were opened with its session close."""
    operator = request.user
    logout(request)
    if operator.is_authenticated:
        record(Action.SIGNED_OUT, by=operator)
        announce(AccessChanged(operator=operator.pk))


@transaction.atomic
def change_password(*, operator: Operator, current: str, new: str, keep: ApiToken | None = None) -> None:
    """Change the password and end every token but `keep`: anyone with the old password may have created them.

    :raises Refusal: `wrong_password` or `weak_password`.
    """
    check_password(operator=operator, password=current, field="current")
    _set_password(operator, new, keep)
    record(Action.PASSWORD_CHANGED, by=operator)


@transaction.atomic
def reset_password(*, operator: Operator, new: str) -> None:
    """Set a new password in place of a forgotten one; all sessions and tokens end.

    :raises Refusal: `weak_password`.
    """
    _set_password(operator, new)
    record(Action.PASSWORD_RESET, by=operator)


def _set_password(operator: Operator, new: str, keep: ApiToken | None = None) -> None:
    _check_password(new, operator, field="new")
    operator.set_password(new)
    operator.save(update_fields=["password"])
    ended = operator.tokens.exclude(pk=keep.pk) if keep else operator.tokens.all()
    ended.delete()
    AddressChange.objects.filter(operator=operator).delete()  # begun with the old password
    announce(AccessChanged(operator=operator.pk))
    tell(messages.password_changed, to=operator)


def update_profile(*, operator: Operator, **changes: Unpack[Profile]) -> Operator:
    """Change the name, the choices or the unwanted notices of an operator.

    :raises ValidationError: for an invalid value.
    """
    for name, value in changes.items():
        setattr(operator, name, value)
    operator.clean_fields(exclude=["password"])
    operator.save(update_fields=list(changes))
    return operator


def check_password(*, operator: Operator, password: str, field: str = "password") -> None:
    """Confirm the operator's identity by the password before a sensitive change.

    :raises Refusal: `wrong_password`.
    """
    if not operator.check_password(password):
        raise Refusal("wrong_password", field=field)


def _check_password(password: str, operator: Operator, *, field: str = "password") -> None:
    try:
        validate_password(password, user=operator)
    except ValidationError as error:
        raise Refusal("weak_password", " ".join(error.messages), field=field) from error

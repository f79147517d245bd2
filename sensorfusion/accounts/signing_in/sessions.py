"""The browsers in which an operator is signed in, and ending them; their sockets close."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import override

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.mailing.user_agents import described
from sensorfusion.accounts.models import Operator
from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    number: int
    client: str
    address: str
    since: datetime
    is_this: bool


def browsers_of(request: HttpRequest, operator: Operator, *, now: datetime) -> list[SignedInBrowser]:
    """Return the browsers that are signed in, the present one first; those that ended are forgotten."""
    ours = request.session.session_key
    listed = list(UserSession.objects.filter(user_id=operator.pk))
    if ours and ours not in {each.session_key for each in listed}:
        UserSession.objects.create_from_request(request)  # it was signed in before sessions were listed
        listed = list(UserSession.objects.filter(user_id=operator.pk))
    is_open = _open([each.session_key for each in listed], operator, now)
    UserSession.objects.filter(pk__in=[each.pk for each in listed if each.session_key not in is_open]).delete()
    found = sorted(
        (each for each in listed if each.session_key in is_open),
        key=lambda one: (one.session_key == ours, one.created_at),
        reverse=True,
    )
    return [
        SignedInBrowser(one.pk, described(one.user_agent), _address(one.ip), one.created_at, one.session_key == ours)
        for one in found
    ]


def _open(keys: Collection[str], operator: Operator, now: datetime) -> set[str]:
    """Return those sessions that have neither ended nor been begun with an older password."""
    stamp = operator.get_session_auth_hash()
    stored = Session.objects.filter(session_key__in=keys, expire_date__gt=now)
    return {each.session_key for each in stored if each.get_decoded().get(HASH_SESSION_KEY) == stamp}


@transaction.atomic
def end_one(*, operator: Operator, number: int) -> bool:
    """Sign one browser of the operator's out; return whether there was one of that number."""
    session = UserSession.objects.filter(user_id=operator.pk, pk=number).first()
    if session is None:
        return False
    session.end()
    with override(settings.LANGUAGE_CODE):
        record(Action.SESSION_ENDED, by=operator, subject=described(session.user_agent))
    announce(AccessChanged(operator=operator.pk))
    return True


@transaction.atomic
def end_others(*, request: HttpRequest, operator: Operator) -> None:
    """Sign every browser of the operator's out but the one of the request, listed or not."""
    for session in UserSession.objects.filter(user_id=operator.pk).exclude(session_key=request.session.session_key):
        session.end()
    Operator.objects.filter(pk=operator.pk).update(sessions_ended=F("sessions_ended") + 1)
    operator.refresh_from_db(fields=["sessions_ended"])
    update_session_auth_hash(request, operator)
    # The session has another key now, under which it is listed again when the page is next shown.
    record(Action.SESSIONS_ENDED, by=operator)
    announce(AccessChanged(operator=operator.pk))


def _address(ip: str) -> str:
    return "" if ip == "0.0.0.0" else ip  # what `adapters` writes for none

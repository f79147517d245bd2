"""The browsers in which an operator is signed in, and ending them; their sockets close."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

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


def browsers_of(request: HttpRequest, operator: Operator) -> list[SignedInBrowser]:
    """Return the browsers that are signed in, the present one first; those that ended are forgotten."""
    ours = request.session.session_key
    if ours and not UserSession.objects.filter(session_key=ours).exists():
        UserSession.objects.create_from_request(request)  # it was signed in before sessions were listed
    found = sorted(
        UserSession.objects.purge_and_list(operator),
        key=lambda one: (one.session_key == ours, one.created_at),
        reverse=True,
    )
    return [
        SignedInBrowser(one.pk, described(one.user_agent), _address(one.ip), one.created_at, one.session_key == ours)
        for one in found
    ]


@transaction.atomic
def end_one(*, operator: Operator, number: int) -> bool:
    """Sign one browser of the operator's out; return whether there was one of that number."""
    session = UserSession.objects.filter(user_id=operator.pk, pk=number).first()
    if session is None:
        return False
    session.end()
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

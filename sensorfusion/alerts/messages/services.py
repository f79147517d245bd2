"""How a person wants to be told: e-mail, quiet hours, channels; test messages, and sending again."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.attempts import HOUR, Limit, count_all
from sensorfusion.accounts.mailing.services import muted_by, set_muted
from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.channels import CHANNELS
from sensorfusion.alerts.messages.limits import leave_room
from sensorfusion.alerts.messages.models import REASON_LONGEST, AlertChannel, AlertMessage, AlertReader
from sensorfusion.alerts.messages.teller import USEFUL_FOR
from sensorfusion.alerts.severity import Severity
from sensorfusion.domain.redaction import told
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.work import Work, announce_work
from sensorfusion.mail.kinds import Kind
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.outcomes import in_words
from sensorfusion.sensors.keys.encryption import encrypt

TESTS_PER_HOUR: Final = 10
NO_EMAIL: Final = "none"
BY_DEFAULT: Final = "default"


@transaction.atomic
def save_reader(
    *, by: Operator, email: str, quiet: tuple[int, int] | None, time_zone: ZoneInfo, critical_breaks: bool
) -> None:
    """Save how a person is told; `email` is a severity, `BY_DEFAULT` or `NO_EMAIL`."""
    starts, ends = quiet if quiet and quiet[0] != quiet[1] else (None, None)
    given: dict[str, Any] = {"quiet_starts_min": starts, "quiet_ends_min": ends, "critical_breaks": critical_breaks}
    if email != NO_EMAIL:
        given["email_from"] = "" if email == BY_DEFAULT else email
    if starts is not None:
        given["time_zone"] = time_zone.key  # without quiet hours it says nothing
    _save(AlertReader.objects.filter(operator=by).first() or AlertReader(operator=by), given)
    muted = muted_by(by) - {Kind.ALERT}
    set_muted(operator=by, kinds=muted | {Kind.ALERT} if email == NO_EMAIL else muted)


def _save(reader: AlertReader, given: Mapping[str, Any]) -> None:
    """Save what differs: without a row there are defaults, which a form that was not changed leaves."""
    if any(getattr(reader, name) != value for name, value in given.items()):
        for name, value in given.items():
            setattr(reader, name, value)
        reader.save()


def add_channel(
    *, by: Operator, kind: str, address: str, secret: str, from_severity: Severity, now: datetime
) -> tuple[AlertChannel, str]:
    """Add a channel; return it with its secret if that was made here, to be shown once.

    :raises ValidationError: the address cannot be one of this kind of channel.
    :raises Refusal: `limit_reached`.
    """
    channel = CHANNELS[kind]
    if why := channel.mistake(address):
        raise ValidationError({"address": [why]})
    if channel.shown is not None:
        address, secret = _shown(channel.shown, address), address
    made = secrets.token_urlsafe(32) if channel.makes_secret else ""
    given = {"kind": kind, "address": address, "secret": encrypt(made or secret), "from_severity": from_severity}
    with transaction.atomic():
        Operator.objects.select_for_update().get(pk=by.pk)
        leave_room(by)
        return AlertChannel.objects.create(operator=by, made_at=now, **given), made


def _shown(shown_of: Callable[[str], str], address: str) -> str:
    try:
        return shown_of(address)
    except NotAccepted as error:
        said = gettext("This address cannot be used: {why}.").format(why=in_words(told(str(error), REASON_LONGEST)))
        raise ValidationError({"address": [said]}) from None


def switch_channel(*, channel: AlertChannel) -> None:
    """Switch a channel on or off; what waits for it is still sent."""
    channel.is_on = not channel.is_on
    channel.save(update_fields=["is_on"])


def test_channel(*, channel: AlertChannel, now: datetime) -> AlertMessage:
    """Queue a test message, which is tried once.

    :raises Refusal: `too_fast`.
    """
    counted = count_all([Limit(f"alert tests:{channel.operator_id}", TESTS_PER_HOUR, HOUR)], now=now)
    if counted.wait_s:
        why = gettext("Enough test messages for now. Try again later.")
        raise Refusal("too_fast", why, retry_after_s=counted.wait_s)
    made = AlertMessage.objects.create(
        operator_id=channel.operator_id, channel=channel, is_test=True, **_from(now), created_at=now
    )
    announce_work(Work.ALERT_MESSAGES)
    return made


def send_again(*, message: AlertMessage, now: datetime) -> bool:
    """Begin again with the attempts at a message that was given up; return whether it was."""
    given_up = AlertMessage.objects.filter(pk=message.pk, given_up_at__isnull=False)
    # With an attempt more than none, so that no new event joins: it keeps its text and its key.
    begun = given_up.update(given_up_at=None, attempts=1, **_from(now))
    announce_work(Work.ALERT_MESSAGES)
    return bool(begun)


def _from(now: datetime) -> dict[str, Any]:
    return {"next_attempt_at": now, "expires_at": now + USEFUL_FOR}

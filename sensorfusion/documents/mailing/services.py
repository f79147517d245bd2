"""Choosing which reports come by e-mail, and stopping them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.mailing.services import muted_by, set_muted
from sensorfusion.accounts.models import Operator
from sensorfusion.documents.mailing.due import newest_over
from sensorfusion.documents.mailing.models import Every, MailedReport, ReportSubscription
from sensorfusion.documents.mailing.queries import chosen
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.kinds import Kind
from sensorfusion.readings.climate.queries import calendar_of
from sensorfusion.sensors.models import Sensor

MOST: Final = 60  # of a person: three for each of 20 sensors
_SIGNER: Final = "sensorfusion.documents.mailing.stop"


@transaction.atomic
def choose(
    *, by: Operator, sensor: Sensor, wanted: Collection[Every], now: datetime, with_pdf: bool | None = None
) -> None:
    """Send a person these reports of a sensor that they may see, and no others of it.

    :param with_pdf: whether they come with the PDF; None leaves those that come already as they are.
    :raises Refusal: `limit_reached`.
    """
    Operator.objects.select_for_update(no_key=True).get(pk=by.pk)
    present = set(chosen(by, sensor))
    ReportSubscription.objects.filter(operator=by, sensor=sensor).exclude(every__in=wanted).delete()
    added = [every for every in Every if every in wanted and every not in present]
    if ReportSubscription.objects.filter(operator=by).count() + len(added) > MOST:
        most = gettext("At most {most} reports come to one person by e-mail.")
        raise Refusal("limit_reached", most.format(most=MOST))
    for every in added:
        _subscribe(by, sensor, every, now)
    if with_pdf is not None:
        ReportSubscription.objects.filter(operator=by, sensor=sensor).update(with_pdf=with_pdf)
    if added:
        set_muted(operator=by, kinds=muted_by(by) - {Kind.REPORT})


@transaction.atomic
def subscribe(*, by: Operator, sensor: Sensor, every: Every, now: datetime, with_pdf: bool | None = None) -> bool:
    """Send a person one more kind of report of a sensor that they may see; return whether it is new.

    :param with_pdf: whether this one comes with the PDF; None leaves it as it is.
    :raises Refusal: `limit_reached`.
    """
    present = chosen(by, sensor)
    choose(by=by, sensor=sensor, wanted={*present, every}, now=now)
    if with_pdf is not None:
        ReportSubscription.objects.filter(operator=by, sensor=sensor, every=every).update(with_pdf=with_pdf)
    return every not in present


def _subscribe(by: Operator, sensor: Sensor, every: Every, now: datetime) -> None:
    """Subscribe from the period on that is not over."""
    made = ReportSubscription.objects.create(operator=by, sensor=sensor, every=every, made_at=now)
    begin_with(made, newest_over(every, calendar=calendar_of(sensor), now=now).last)


def begin_with(subscription: ReportSubscription, last: date) -> None:
    """Record that everything up to a day needs no message."""
    MailedReport.objects.get_or_create(subscription=subscription, defaults={"last": last})


def stop(*, subscription: ReportSubscription) -> None:
    """End a subscription; a message that waits is not sent."""
    subscription.delete()


def stop_token(subscription: ReportSubscription) -> str:
    """Return the token of a message's link that ends the subscription, without signing in."""
    return signing.Signer(salt=_SIGNER).sign(subscription.uuid.hex)


def stopped_by(token: str) -> UUID | None:
    """Return the subscription that a token ends, which may have ended; None if the token is not ours."""
    try:
        return UUID(signing.Signer(salt=_SIGNER).unsign(token))
    except signing.BadSignature:
        return None

"""Offering a sensor to another operator, who accepts or declines, as invitations to sites are.

The answer is the same whether the address has an account or not. Until the offer is accepted, nothing changes, and the
other side sees the sensor's name and who offers it, and nothing else.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from sensorfusion.accounts.addresses.proof import is_known
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator, address
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.sensors.models import Sensor, SensorOffer, SensorRight
from sensorfusion.sensors.sites.membership import require_owner
from sensorfusion.sensors.transfer.mailing import send_offer
from sensorfusion.sensors.transfer.models import VALID_FOR

AGAIN_AFTER: Final = timedelta(days=7)  # that an address which declined may be offered the sensor again


def offers_to(operator: Operator, *, now: datetime) -> QuerySet[SensorOffer]:
    """Select the offers that wait for the operator, the newest first; none while the address is to be proved."""
    if not is_known(operator):
        return SensorOffer.objects.none()
    found = _open(now).filter(email_key=email_key(operator.email))
    return found.select_related("sensor__site", "offered_by").order_by("-offered_at", "-id")


def offer_of(sensor: Sensor, *, now: datetime) -> SensorOffer | None:
    """Return the offer of a sensor that was not answered yet, or declined lately."""
    shown = _open(now) | SensorOffer.objects.filter(declined_at__gt=now - AGAIN_AFTER)
    return shown.filter(sensor=sensor).select_related("sensor__site", "offered_by").first()


@transaction.atomic
def offer(*, by: Operator, sensor: Sensor, email: str, now: datetime) -> SensorOffer:
    """Offer a sensor to the person with an address; another offer of the sensor is replaced.

    :raises Refusal: `not_allowed`, `already_yours` or `invitation_declined`.
    :raises ValidationError: for an invalid address.
    """
    _hold(sensor)
    require_owner(by=by, site=sensor.site)
    given = address(email)
    if email_key(given) == email_key(by.email):
        raise Refusal("already_yours", field="email")
    former = SensorOffer.objects.filter(sensor=sensor)
    if former.filter(email_key=email_key(given), declined_at__gt=now - AGAIN_AFTER).exists():
        raise Refusal(
            "invitation_declined", "They declined this sensor lately. Wait a week, or ask them.", field="email"
        )
    former.delete()
    made = SensorOffer.objects.create(sensor=sensor, email=given, offered_by=by, offered_at=now)
    record(Action.SENSOR_OFFERED, by=by, site=sensor.site, subject=_named(made))
    send_offer(made, by=by, now=now)
    return made


@transaction.atomic
def withdraw(*, by: Operator, offer: SensorOffer) -> None:
    """Delete an offer that was not answered; a declined one is kept, so that it cannot be repeated at once.

    :raises Refusal: `not_allowed`.
    """
    require_owner(by=by, site=offer.sensor.site)
    if SensorOffer.objects.filter(pk=offer.pk, declined_at=None).delete()[0]:
        record(Action.SENSOR_OFFER_WITHDRAWN, by=by, site=offer.sensor.site, subject=_named(offer))


@transaction.atomic
def decline(*, operator: Operator, offer: SensorOffer, now: datetime) -> None:
    """Refuse a sensor.

    :raises Refusal: `invitation_gone`.
    """
    waiting = held(operator, offer, now=now)
    waiting.declined_at = now
    waiting.save(update_fields=["declined_at"])
    record(Action.SENSOR_OFFER_DECLINED, by=operator, site=waiting.sensor.site, subject=_named(waiting))


def held(operator: Operator, offer: SensorOffer, *, now: datetime) -> SensorOffer:
    """Return the offer as it is now, locked with its sensor: it may have been withdrawn or answered meanwhile.

    An offer ends, too, when the operator who made it is no owner of the sensor's site any more.

    :raises Refusal: `invitation_gone`.
    """
    _hold(offer.sensor)
    waiting = offers_to(operator, now=now).filter(pk=offer.pk).select_for_update(of=("self",)).first()
    if waiting is None:
        raise Refusal("invitation_gone", "This offer was withdrawn, answered or has expired. Ask for another.")
    return waiting


def _hold(sensor: Sensor) -> None:
    """Block other offers and moves of the sensor until the transaction ends."""
    list(Sensor.objects.filter(pk=sensor.pk).select_for_update(no_key=True).values_list("pk"))
    sensor.refresh_from_db()


def _open(now: datetime) -> QuerySet[SensorOffer]:
    """Select what can be answered: the rights of who offered it are asked for, too, because they may have ended."""
    owned = SensorRight.objects.filter(may_own=True, operator=OuterRef("offered_by"), sensor=OuterRef("sensor"))
    return SensorOffer.objects.filter(Exists(owned), declined_at=None, offered_at__gt=now - VALID_FOR)


def _named(offer: SensorOffer) -> str:
    return f"{offer.sensor.name}: {offer.email}"

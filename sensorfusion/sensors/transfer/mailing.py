"""The message to whom a sensor is offered."""

from datetime import datetime

from django.utils.translation import gettext

from sensorfusion.accounts.attempts import HOUR, Limit, count_all
from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of, shown_name
from sensorfusion.mail.outbox import is_configured, queue
from sensorfusion.sensors.sites.mailing import SENT_BY_OPERATOR, SENT_TO_ADDRESS
from sensorfusion.sensors.transfer.models import SensorOffer
from sensorfusion.web.languages import in_language_of


def send_offer(offer: SensorOffer, *, by: Operator, now: datetime) -> None:
    """Send an offer to the address, which need not have an account; counted together with invitations."""
    offered = operator_by_email(offer.email)
    is_muted = offered is not None and offered.is_trusted and Kind.SENSOR_OFFER in muted_by(offered)
    if not is_configured() or is_muted:
        return
    of_operator = Limit(f"invitations by:{by.pk}", SENT_BY_OPERATOR, HOUR)
    to_address = Limit(f"invitations to:{email_key(offer.email)}", SENT_TO_ADDRESS, HOUR)
    if not count_all([of_operator, to_address], now=now).wait_s:
        with in_language_of(offered or by):
            queue(_offer(offer, by), to=offer.email)


def _offer(offer: SensorOffer, by: Operator) -> Message:
    return Message(
        kind=Kind.SENSOR_OFFER,
        subject=gettext("A sensor is offered to you"),
        sentences=(
            gettext(
                "You are offered a sensor with everything that it measured. It is yours when you accept it for one of "
                "your sites."
            ),
            gettext("Sign in with an account of this address, or create one."),
        ),
        facts=(
            (gettext("Sensor"), shown_name(offer.sensor.name, gettext("a sensor whose name is like an address"))),
            (gettext("Offered by"), by.email),
        ),
        link=(gettext("Look at the offer"), address_of("invitations")),
        advice=gettext("If you do not know who offers it, do nothing: the offer ends by itself."),
    )

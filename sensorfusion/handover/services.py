"""Accepting a sensor: it moves with its history, and what belongs to people of its former site ends.

Readings, excluded spans, notes, names of fields and settings go along, because they are about the sensor; who made them
does not. Rules, alerts, links, webhooks, networks that readings are sent on to, fetching from an address, subscriptions
and notices end: they act by the rights of others, or hold their secrets.
"""

from datetime import datetime

from django.db import transaction

from sensorfusion.accounts.limits import require_whole
from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.services import forget_sensor
from sensorfusion.documents.mailing.models import ReportSubscription
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.control import announce
from sensorfusion.events.messages import KeyChanged
from sensorfusion.ingest.models import FileImport
from sensorfusion.readings.models import Exclusion, Note
from sensorfusion.send_on.models import Destination
from sensorfusion.sensors.models import Key, Notice, Poll, Sensor, SensorOffer, Site
from sensorfusion.sensors.services import hand_over
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.sensors.transfer.offers import held
from sensorfusion.sharing.services import end_all
from sensorfusion.webhooks.services import leave_out


@transaction.atomic
def accept(
    *, operator: Operator, offer: SensorOffer, site: Site, now: datetime, name: str = "", revoke_keys: bool = False
) -> Sensor:
    """Take a sensor that was offered to a site. Its keys go on working, because the device has them, unless revoked.

    :raises Refusal: `narrow_token`, `invitation_gone`, `not_allowed`, `already_yours`, `limit_reached` or `name_taken`.
    :raises ValidationError: for an invalid name.
    """
    require_whole(operator)
    waiting = held(operator, offer, now=now)
    sensor = waiting.sensor
    require_editor(by=operator, site=site)
    if site.pk == sensor.site_id:
        raise Refusal("already_yours", "The sensor is at this site already. Choose another one.", field="site")
    _end(sensor, by=operator)
    hand_over(to=operator, sensor=sensor, site=site, name=name)
    if revoke_keys:
        Key.objects.filter(sensor=sensor, revoked_at=None).update(revoked_at=now)
        announce(KeyChanged(sensor=sensor.pk))
    waiting.delete()
    return sensor


def _end(sensor: Sensor, *, by: Operator) -> None:
    forget_sensor(sensor=sensor)
    end_all(by=by, sensor=sensor)
    leave_out(sensor=sensor)
    Destination.objects.filter(sensor=sensor).delete()
    ReportSubscription.objects.filter(sensor=sensor).delete()
    Poll.objects.filter(sensor=sensor).delete()
    Notice.objects.filter(sensor=sensor).delete()
    # What stays tells the new site nothing of the people of the former one.
    Key.objects.filter(sensor=sensor).update(made_by=None)
    Note.objects.filter(sensor=sensor).update(made_by=None)
    Exclusion.objects.filter(sensor=sensor).update(made_by=None, restored_by=None)
    FileImport.objects.filter(sensor=sensor).update(operator=None)

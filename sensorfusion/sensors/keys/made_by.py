"""The valid keys that a member made: they go on working after the member left, until they are revoked."""

from datetime import datetime

from django.db.models import QuerySet

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.events.control import announce
from sensorfusion.events.messages import KeyChanged
from sensorfusion.sensors.models import Key, Site


def keys_made_at(site: Site) -> QuerySet[Key]:
    """Select the valid keys of a site's sensors whose maker is known, each with its sensor."""
    made = Key.objects.filter(sensor__site=site, revoked_at=None, made_by__isnull=False)
    return made.select_related("sensor").defer("digest").order_by("sensor__name", "-created_at", "-id")


def revoke_keys_of(maker: Operator, *, by: Operator, site: Site, now: datetime) -> int:
    """Revoke the valid keys that a member made at a site; return their number. Callers check permissions."""
    revoked = 0
    for key in keys_made_at(site).filter(made_by=maker):
        if Key.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            record(Action.KEY_REVOKED, by=by, site=site, subject=f"{key.sensor.name}: {key}")
            announce(KeyChanged(sensor=key.sensor_id))
            revoked += 1
    return revoked

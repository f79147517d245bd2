"""Provisioning: a site's owner switches it on and gets a key and a secret, with which devices register themselves.

The key and the secret permit creating sensors at the site and getting their keys, nothing else. ThingsBoard's clients
use it at `/api/v1/provision`.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from django.db import transaction

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Provisioning, Site
from sensorfusion.sensors.services import IssuedKey, register_sensor
from sensorfusion.sensors.sites.membership import require_owner


@dataclass(frozen=True, slots=True)
class Opened:
    """A site's provisioning with its secret, which can be shown only once."""

    provisioning: Provisioning
    secret: str = field(repr=False)


@transaction.atomic
def switch_on(*, by: Operator, site: Site, now: datetime) -> Opened:
    """Let devices register at the site; earlier credentials become invalid.

    :raises Refusal: `not_allowed`.
    """
    require_owner(by=by, site=site)
    secret = secrets.token_urlsafe(24)
    given = {"key": "sfp_" + secrets.token_hex(8), "digest": digest(secret), "created_at": now}
    provisioning, _ = Provisioning.objects.update_or_create(site=site, defaults=given)
    record(Action.PROVISIONING_ON, by=by, site=site, subject=provisioning.key)
    return Opened(provisioning, secret)


@transaction.atomic
def switch_off(*, by: Operator, site: Site) -> None:
    """Stop devices from registering; registered ones keep their keys.

    :raises Refusal: `not_allowed`.
    """
    require_owner(by=by, site=site)
    Provisioning.objects.filter(site=site).delete()
    record(Action.PROVISIONING_OFF, by=by, site=site)


def provisioning_of(*, site: Site) -> Provisioning | None:
    """Return the site's provisioning, None if it is off."""
    return Provisioning.objects.filter(site=site).first()


def is_provisioning_key(key: str) -> bool:
    """Return whether a site has this key, which is no secret."""
    return "\0" not in key and Provisioning.objects.filter(key=key).exists()


@transaction.atomic
def provision(*, key: str, secret: str, name: str, now: datetime) -> IssuedKey:
    """Register a device that sends a site's key and secret.

    :raises Refusal: `unknown_provisioning` or `name_taken`.
    :raises ValidationError: for an invalid name.
    """
    found = Provisioning.objects.select_related("site").filter(key=key).first() if "\0" not in key else None
    if found is None or not compare_digest(bytes(found.digest), digest(secret)):
        raise Refusal("unknown_provisioning")
    return register_sensor(by=None, site=found.site, now=now, name=name.strip() or f"Device {secrets.token_hex(4)}")

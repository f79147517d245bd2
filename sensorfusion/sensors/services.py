"""Services that change sites, sensors and keys, and the two that change an account together with its sites.

Every function checks that the operator `by` has the required role, so pages, endpoints and commands need not. Callers
must look objects up through `queries`, which hide what `by` may not see. Every change is announced in its own
transaction.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext, gettext_noop

from sensorfusion.accounts import services as accounts
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.folding import with_foldings
from sensorfusion.accounts.limits import require_whole
from sensorfusion.accounts.mailing.messages import account_closed
from sensorfusion.accounts.mailing.services import tell
from sensorfusion.accounts.models import Operator, Role
from sensorfusion.domain.quantities import settings
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged, KeyChanged, SensorChanged
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.closing.plan import Fate, fate_of
from sensorfusion.sensors.erasure import erase_sensor, erase_site
from sensorfusion.sensors.fields import SensorDetails
from sensorfusion.sensors.keys.secrets import broker_hash, digest, make_key
from sensorfusion.sensors.models import Key, Sensor, Site, Status
from sensorfusion.sensors.naming.vocabulary import checked
from sensorfusion.sensors.queries import home_sites
from sensorfusion.sensors.quotas.services import require_room_for_sensor, require_room_for_site
from sensorfusion.sensors.sites.fields import SiteDetails
from sensorfusion.sensors.sites.membership import (
    hold,
    hold_sites_of,
    join,
    members,
    require_editor,
    require_mover,
    require_owner,
)
from sensorfusion.sensors.sites.time_zones import time_zones

FIRST_SITE = gettext_noop("My site")
_MISSING = {
    "latitude": gettext_noop("Latitude is missing: enter both, or leave both empty."),
    "longitude": gettext_noop("Longitude is missing: enter both, or leave both empty."),
}


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A sensor's new key, with its text, which can be shown only once."""

    sensor: Sensor
    key: Key
    text: str = field(repr=False)


# Accounts


@transaction.atomic
def register(
    *,
    email: str,
    password: str,
    name: str = "",
    now: datetime,
    is_admin: bool = False,
    time_zone: str = "UTC",
) -> tuple[Operator, Site]:
    """Create an account and its first site, owned by it. Who may do that is for `sensors.signing_up`.

    :raises Refusal: `email_taken`, `weak_password` or `unknown_time_zone`.
    :raises ValidationError: for an invalid address or name.
    """
    operator = accounts.make_operator(email=email, password=password, name=name, now=now, is_admin=is_admin)
    return operator, create_site(by=operator, now=now, name=gettext(FIRST_SITE), time_zone=time_zone)


@transaction.atomic
def close_account(*, operator: Operator, password: str) -> None:
    """Delete an account, and the sites that have no other members.

    :raises Refusal: `wrong_password`, or `last_owner` if a site with other members would have no owner.
    """
    accounts.check_password(operator=operator, password=password)
    for site in hold_sites_of(operator):
        fate = fate_of(members(site).exclude(operator=operator))
        if fate is Fate.DELETED:
            record(Action.SITE_DELETED, by=operator, subject=site.name)
            erase_site(site=site)
        elif fate is Fate.NEEDS_OWNER:
            raise Refusal(
                "last_owner",
                gettext(
                    "You are the only owner of {site}, which has other members. "
                    "Ask one of them to become an owner or remove them, then close your account."
                ).format(site=site.name),
            )
        else:
            record(Action.MEMBER_LEFT, by=operator, site=site, subject=operator.email)
    record(Action.ACCOUNT_CLOSED, by=operator)
    tell(account_closed(), to=operator)
    announce(AccessChanged(operator=operator.pk))
    operator.delete()


# Sites


@transaction.atomic
def create_site(*, by: Operator, now: datetime, **details: Unpack[SiteDetails]) -> Site:
    """Create a site owned by the operator.

    :raises Refusal: `narrow_token`, `limit_reached`, `unknown_time_zone` or `not_finite`.
    :raises ValidationError: for an invalid value.
    """
    require_whole(by)
    require_room_for_site(by=by)
    site = Site(created_at=now, **details)
    _check_site(site)
    site.save()
    join(operator=by, site=site, role=Role.OWNER, now=now)
    record(Action.SITE_CREATED, by=by, site=site, subject=site.name)
    return site


@transaction.atomic
def update_site(*, by: Operator, site: Site, **changes: Unpack[SiteDetails]) -> Site:
    """Change the properties of a site.

    :raises Refusal: `not_allowed`, `unknown_time_zone` or `not_finite`.
    :raises ValidationError: for an invalid value.
    """
    require_editor(by=by, site=site)
    for name, value in changes.items():
        setattr(site, name, value)
    _check_site(site, changes)
    site.save(update_fields=list(changes))
    for sensor in site.sensors.all():
        announce(SensorChanged(sensor=sensor.pk, site=site.pk))
    return site


def first_site(*, by: Operator, now: datetime) -> Site:
    """Return the oldest site of the operator's own (`queries.home_sites`); create one if there is none."""
    return home_sites(by).first() or create_site(by=by, now=now, name=gettext(FIRST_SITE))


@transaction.atomic
def delete_site(*, by: Operator, site: Site) -> None:
    """Delete a site with its sensors and all their readings.

    :raises Refusal: `not_allowed`.
    """
    hold(site)
    require_owner(by=by, site=site)
    record(Action.SITE_DELETED, by=by, subject=site.name)
    erase_site(site=site)


def _check_site(site: Site, changed: Iterable[str] | None = None) -> None:
    if site.time_zone not in time_zones():
        raise Refusal("unknown_time_zone", field="time_zone")
    _check_numbers(site)
    site.clean_fields()
    _check_place(site, changed)


# Sensors


@transaction.atomic
def add_sensor(*, by: Operator, site: Site, now: datetime, **details: Unpack[SensorDetails]) -> IssuedKey:
    """Register a sensor at a site and create its first key.

    :raises Refusal: `not_allowed`, `limit_reached`, `name_taken` or `not_finite`.
    :raises ValidationError: for an invalid value.
    """
    require_editor(by=by, site=site)
    return register_sensor(by=by, site=site, now=now, **details)


@transaction.atomic
def register_sensor(*, by: Operator | None, site: Site, now: datetime, **details: Unpack[SensorDetails]) -> IssuedKey:
    """Register a sensor as `add_sensor` does, without checking permissions; `by` is None for a device by itself.

    :raises Refusal: `limit_reached`, `name_taken` or `not_finite`.
    :raises ValidationError: for an invalid value.
    """
    require_room_for_sensor(site=site)
    sensor = Sensor(site=site, created_at=now, **details)
    _save(sensor)
    announce(SensorChanged(sensor=sensor.pk, site=site.pk))
    return _issue_key(sensor, by, now)


@transaction.atomic
def update_sensor(
    *,
    by: Operator,
    sensor: Sensor,
    site: Site | None = None,
    paused: bool | None = None,
    **changes: Unpack[SensorDetails],
) -> Sensor:
    """Change the properties of a sensor; with `site`, move it there, which requires an owner of its site and an editor
    of the other.

    The doors reject the readings of a paused sensor. A sensor that is resumed before it ever sent becomes pending
    again.

    :raises Refusal: `not_allowed`, `limit_reached`, `name_taken` or `not_finite`.
    :raises ValidationError: for an invalid value.
    """
    require_editor(by=by, site=sensor.site)
    changed: list[str] = list(changes)
    for name, value in changes.items():
        setattr(sensor, name, value)
    if site and site != sensor.site:
        require_mover(by=by, sensor=sensor, site=site)
        _leave(by, sensor, site)
        changed.append("site")
    if paused is not None:
        sensor.status = Status.PAUSED if paused else _status_when_resumed(sensor)
        changed.append("status")
    _save(sensor, changed)
    announce_sensor(sensor)
    return sensor


@transaction.atomic
def hand_over(*, to: Operator, sensor: Sensor, site: Site, name: str = "") -> Sensor:
    """Move a sensor that was offered to the operator to a site of theirs; `handover` checks the offer.

    :raises Refusal: `not_allowed`, `limit_reached` or `name_taken`. :raises ValidationError: for an invalid name.
    """
    require_editor(by=to, site=site)
    _leave(to, sensor, site)
    sensor.name = name or sensor.name
    _save(sensor, ["site", "name"])
    announce_sensor(sensor)
    return sensor


def _leave(by: Operator, sensor: Sensor, site: Site) -> None:
    """Move a sensor, not saved yet, and record it at both sites; neither learns of the other, which may be private."""
    require_room_for_sensor(site=site)
    announce(SensorChanged(sensor=sensor.pk, site=sensor.site_id))
    record(Action.SENSOR_MOVED_AWAY, by=by, site=sensor.site, subject=sensor.name)
    record(Action.SENSOR_MOVED_HERE, by=by, site=site, subject=sensor.name)
    sensor.site = site


def _status_when_resumed(sensor: Sensor) -> Status:
    has_sent = Sensor.objects.filter(pk=sensor.pk, state__received_at__isnull=False).exists()
    return Status.ACTIVE if has_sent else Status.PENDING


def pause(*, by: Operator, sensor: Sensor) -> Sensor:
    """Make the doors reject the sensor's readings until it is resumed.

    :raises Refusal: `not_allowed`.
    """
    return update_sensor(by=by, sensor=sensor, paused=True)


def resume(*, by: Operator, sensor: Sensor) -> Sensor:
    """Make the doors accept the sensor's readings again.

    :raises Refusal: `not_allowed`.
    """
    return update_sensor(by=by, sensor=sensor, paused=False)


@transaction.atomic
def delete_sensor(*, by: Operator, sensor: Sensor) -> None:
    """Delete a sensor and all its readings.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=sensor.site)
    record(Action.SENSOR_DELETED, by=by, site=sensor.site, subject=sensor.name)
    erase_sensor(sensor=sensor)


def _save(sensor: Sensor, fields: Iterable[str] | None = None) -> None:
    _check_numbers(sensor)
    sensor.names = checked(sensor.names)
    sensor.quantities = settings.write(settings.read(sensor.quantities))
    sensor.clean_fields()
    _check_place(sensor, fields)
    try:
        with transaction.atomic():
            sensor.save(update_fields=None if fields is None else with_foldings(Sensor, fields))
    except IntegrityError as error:
        if "sensor_external_id" in str(error):
            raise Refusal("external_id_taken", field="external_id") from error
        raise Refusal("name_taken", field="name") from error


def _check_numbers(place: Site | Sensor) -> None:
    for column in place._meta.concrete_fields:
        value = getattr(place, column.name) if isinstance(column, models.FloatField) else None
        if value is not None and not math.isfinite(value):
            name = column.name
            said = gettext("{field} must be a finite number, or empty for unknown.").format(field=name)
            raise Refusal("not_finite", said, field=name)


def _check_place(place: Site | Sensor, changed: Iterable[str] | None) -> None:
    """Refuse half a place. One that was stored when this was allowed does not prevent other changes."""
    if changed is not None and not {"latitude", "longitude"} & set(changed):
        return
    for missing, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if getattr(place, missing) is None and getattr(place, other) is not None:
            raise ValidationError({missing: gettext(_MISSING[missing])})


# Keys


@transaction.atomic
def rotate_key(*, by: Operator, sensor: Sensor, now: datetime, revoke_old: bool = False) -> IssuedKey:
    """Create another key; old keys stay valid until they are revoked, which `revoke_old` does immediately.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=sensor.site)
    if revoke_old:
        old = sensor.keys.filter(revoked_at=None).select_for_update()
        for key in old:
            _record_key(Action.KEY_REVOKED, key, sensor, by)
        old.update(revoked_at=now)
    return _issue_key(sensor, by, now)


@transaction.atomic
def revoke_key(*, by: Operator, key: Key, now: datetime) -> Key:
    """Revoke a key permanently.

    :raises Refusal: `not_allowed` or `key_already_revoked`.
    """
    require_editor(by=by, site=key.sensor.site)
    if not Key.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        raise Refusal("key_already_revoked")
    key.revoked_at = now
    _record_key(Action.KEY_REVOKED, key, key.sensor, by)
    announce(KeyChanged(sensor=key.sensor_id))
    return key


def _issue_key(sensor: Sensor, by: Operator | None, now: datetime) -> IssuedKey:
    prefix, text = make_key()
    key = Key.objects.create(
        sensor=sensor, prefix=prefix, digest=digest(text), broker_hash=broker_hash(text), made_by=by, created_at=now
    )
    _record_key(Action.KEY_MADE, key, sensor, by)
    announce(KeyChanged(sensor=sensor.pk))
    return IssuedKey(sensor, key, text)


def _record_key(action: Action, key: Key, sensor: Sensor, by: Operator | None) -> None:
    record(action, by=by, site=sensor.site, subject=f"{sensor.name}: {key}")

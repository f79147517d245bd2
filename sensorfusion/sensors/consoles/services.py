"""Weather consoles: who may see and claim an unclaimed one, and the settings of a sensor's console.

docs/decisions/0010-consoles-seen-not-claimed.md has the reasons.
"""

import re
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Unpack

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from sensorfusion.accounts.attempts import Counted
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.consoles.readers import rain_fields
from sensorfusion.domain.networks import is_public, network_of
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.consoles.fields import ConsoleReading
from sensorfusion.sensors.consoles.models import Console, UnclaimedConsole
from sensorfusion.sensors.consoles.tries import count_registration, too_many_claims
from sensorfusion.sensors.keys.secrets import console_digest, shown_identity, shown_passkey
from sensorfusion.sensors.models import Sensor, Transport
from sensorfusion.sensors.notices.services import note
from sensorfusion.sensors.sites.membership import require_editor

SEEN_FOR = timedelta(days=1)
_PASSKEY = re.compile(r"[0-9A-F]{32}|(?:[0-9A-F]{2}[:.-]?){5}[0-9A-F]{2}", re.IGNORECASE)


def is_alone(operator: Operator) -> bool:
    """Return whether there is no other active account, so that all consoles that send here must be the operator's."""
    return operator.is_active and not Operator.objects.filter(is_active=True).exclude(pk=operator.pk).exists()


def seen_by(*, operator: Operator, address: str, now: datetime) -> QuerySet[UnclaimedConsole]:
    """Select the unclaimed consoles that may be the operator's, the most recent first.

    All, if there are no other accounts; otherwise those that send from the operator's public address.
    """
    lately = UnclaimedConsole.objects.filter(last_seen_at__gt=now - SEEN_FOR).order_by("-last_seen_at", "id")
    if is_alone(operator):
        return lately
    return lately.filter(network=network_of(address)) if is_public(address) else lately.none()


@transaction.atomic
def claim(
    *, by: Operator, number: int, sensor: Sensor, address: str, ending: str, counted: Counted, now: datetime
) -> Console:
    """Bind an unclaimed console to a sensor, after the try was counted (`tries.count_claim`).

    If there are other accounts, `ending` must be what only the console's owner can read from it: its ID, or the last
    four characters of its PASSKEY.

    :raises Refusal: `not_allowed`, `unknown_console`, `wrong_ending` or `console_taken`.
    """
    require_editor(by=by, site=sensor.site)
    if counted.wait_s:
        raise too_many_claims(counted)
    seen = seen_by(operator=by, address=address, now=now).select_for_update().filter(pk=number).first()
    if seen is None:
        raise Refusal("unknown_console")
    if not is_alone(by):
        _check_ending(seen, ending)
    console = _bind(by, sensor, bytes(seen.digest), seen.ending)
    if seen.model and not sensor.model:
        sensor.model = seen.model
    sensor.transport = Transport.CONSOLE
    sensor.save(update_fields=["model", "transport"])
    seen.delete()
    return console


def register_passkey(*, by: Operator, sensor: Sensor, passkey: str, address: str, now: datetime) -> Console:
    """Bind the console with this PASSKEY, or MAC address, to a sensor.

    A PASSKEY is no secret: of two who show it, the second is refused, and the first is told by a notice.

    :raises Refusal: `not_allowed`, `no_passkey`, `console_taken` or `too_many_claims`.
    """
    require_editor(by=by, site=sensor.site)
    if not _PASSKEY.fullmatch(passkey.strip()):
        raise Refusal("no_passkey", field="passkey")
    shown = shown_passkey(passkey)
    count_registration(by=by, address=address, now=now)
    return _register(by, sensor, shown, shown[-4:], now)


def register_identity(
    *, by: Operator, sensor: Sensor, identity: str, password: str, address: str, now: datetime
) -> Console:
    """Bind the console with this ID and password to a sensor.

    :raises Refusal: `not_allowed`, `console_taken` or `too_many_claims`.
    """
    require_editor(by=by, site=sensor.site)
    count_registration(by=by, address=address, now=now)
    return _register(by, sensor, shown_identity(identity, password), identity.strip(), now)


@transaction.atomic
def release(*, by: Operator, sensor: Sensor) -> None:
    """Remove the stored credential of a sensor's console, which must then send the sensor's key.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=sensor.site)
    Console.objects.filter(sensor=sensor).update(digest=None, ending="")
    record(Action.CONSOLE_RELEASED, by=by, site=sensor.site, subject=sensor.name)
    announce_sensor(sensor)


@transaction.atomic
def set_reading(*, by: Operator, sensor: Sensor, **reading: Unpack[ConsoleReading]) -> Console:
    """Change how the readings of a sensor's console are interpreted.

    :raises Refusal: `not_allowed`.
    :raises ValidationError: for a value that is not a choice.
    """
    require_editor(by=by, site=sensor.site)
    console, _ = Console.objects.get_or_create(sensor=sensor)
    for name, value in reading.items():
        setattr(console, name, value)
    console.clean_fields(exclude=["digest"])
    console.save(update_fields=list(reading))
    if "rain_gauge" in reading:
        _let_gauges_change_places(sensor)
    announce_sensor(sensor)
    return console


def _let_gauges_change_places(sensor: Sensor) -> None:
    """Keep the quantities of rain without their sources, so that the fields of the chosen gauge take them over."""
    sensor.source_fields.filter(source__in=rain_fields()).update(source="")


def console_of(sensor: Sensor) -> Console:
    """Return the console settings of a sensor, unsaved defaults if there are none."""
    return Console.objects.filter(sensor=sensor).first() or Console(sensor=sensor)


def _register(by: Operator, sensor: Sensor, shown: str, ending: str, now: datetime) -> Console:
    digest = console_digest(shown)
    try:
        with transaction.atomic():
            console = _bind(by, sensor, digest, ending)
            UnclaimedConsole.objects.filter(digest=digest).delete()
            return console
    except Refusal:
        _tell_the_first(digest, now)  # outside the transaction that was rolled back
        raise


def _tell_the_first(digest: bytes, now: datetime) -> None:
    first = Console.objects.filter(digest=digest).first()
    if first is not None:
        note(sensor=first.sensor_id, code="console_shown_again", subject=first.ending, now=now)


def _bind(by: Operator, sensor: Sensor, digest: bytes, ending: str) -> Console:
    console, _ = Console.objects.get_or_create(sensor=sensor)
    console.digest, console.ending = digest, ending
    try:
        with transaction.atomic():
            console.save(update_fields=["digest", "ending"])
    except IntegrityError as error:
        raise Refusal("console_taken") from error
    record(Action.CONSOLE_BOUND, by=by, site=sensor.site, subject=sensor.name)
    announce_sensor(sensor)
    return console


def _check_ending(seen: UnclaimedConsole, ending: str) -> None:
    if not compare_digest(ending.strip().upper().encode(), seen.ending.upper().encode()):
        raise Refusal("wrong_ending", field="ending")

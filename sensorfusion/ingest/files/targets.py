"""Assigns the rows of an import to sensors: all rows to one given sensor, or each row to the sensor that it names."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.sensors.models import Sensor, Site, Status, Transport
from sensorfusion.sensors.queries import editable_sites, home_sites
from sensorfusion.sensors.services import add_sensor

# Otherwise a wrong column (the time, say) would create a sensor for every row.
NEW_AT_MOST = 100
_REMEMBER_AT_MOST = 1000


class BadTarget(Exception):
    """The readings cannot be imported into the given sensors; the message says what would work."""


class Targets(Protocol):
    """Assigns rows to sensors; `problem` explains why a name has no sensor."""

    def expect(self, names: AbstractSet[str]) -> None:
        """Prepare for rows that name these sensors.

        :raises BadTarget: the names cannot be right.
        """

    def of(self, name: str) -> Source | None: ...

    def problem(self, name: str) -> str: ...


class OneSensor:
    """Assigns all rows to one sensor."""

    def __init__(self, uuid: str) -> None:
        """Find the sensor.

        :raises BadTarget: it does not exist, or is paused.
        """
        sensor = _by_uuid(uuid)
        if sensor is None:
            raise BadTarget(f"There is no sensor {uuid}: the id is the one in the address of the sensor's page.")
        if sensor.status == Status.PAUSED:
            raise BadTarget(f"{sensor.name} is paused and takes no readings. Resume it on its page first.")
        self._source = _source(sensor)
        self.sensor = sensor

    def expect(self, names: AbstractSet[str]) -> None:
        pass

    def of(self, name: str) -> Source | None:
        return self._source

    def problem(self, name: str) -> str:
        return ""


class NamedSensors:
    """Assigns each row to the sensor that it names at one site; missing sensors are created if `create` is set."""

    def __init__(
        self, *, by: Operator, site: Site, create: bool, now: Callable[[], datetime], is_rehearsal: bool = False
    ) -> None:
        self._by = by
        self._site = site
        self._create = create
        self._now = now
        self._is_rehearsal = is_rehearsal
        self._found: dict[str, Source | None] = {}
        self.made: list[str] = []

    def expect(self, names: AbstractSet[str]) -> None:
        """Find the sensors of these names, and create missing ones if `create` is set.

        :raises BadTarget: implausibly many would be created; none is created then.
        """
        if len(self._found) > _REMEMBER_AT_MOST:
            self._found.clear()
        possible = sorted(name for name in names - self._found.keys() if _can_be_a_name(name))
        for sensor in Sensor.objects.filter(site=self._site, name__in=possible):
            self._found[sensor.name] = None if sensor.status == Status.PAUSED else _source(sensor)
        missing = [name for name in possible if name not in self._found] if self._create else []
        if len(self.made) + len(missing) > NEW_AT_MOST:
            raise BadTarget(f"More than {NEW_AT_MOST} sensors would be made: is {missing[0]!r} really the name of one?")
        for name in missing:
            self._found[name] = self._make(name)

    def of(self, name: str) -> Source | None:
        return self._found.get(name)

    def problem(self, name: str) -> str:
        if not name:
            return "the line names no sensor"
        claim = f"{self._site.name} has no sensor named {name[:100]!r} that takes readings"
        return f"{claim}: --create makes it, and one that is paused can be resumed"

    def _make(self, name: str) -> Source:
        self.made.append(name)
        if self._is_rehearsal:
            return Source(0, "")
        issued = add_sensor(by=self._by, site=self._site, now=self._now(), name=name, transport=Transport.FILE)
        return _source(issued.sensor)


def _can_be_a_name(text: str) -> bool:
    return 0 < len(text) <= 100 and "\0" not in text


def operator_of(email: str) -> Operator:
    """Return the operator who imports.

    :raises BadTarget: no account has this address.
    """
    operator = operator_by_email(email)
    if operator is None:
        raise BadTarget(f"There is no account with the address {email}. create_operator makes one.")
    return operator


def site_of(operator: Operator, name: str) -> Site:
    """Return the operator's site: by its id, by the name of one that they own, or the only one that they own.

    :raises BadTarget: there is none, or more than one.
    """
    by_id = editable_sites(operator).filter(uuid=uuid).first() if (uuid := _uuid(name)) else None
    if by_id:
        return by_id
    sites = list(home_sites(operator))
    named = [site for site in sites if not name or site.name == name]
    if len(named) == 1:
        return named[0]
    names = ", ".join(repr(site.name) for site in sites) or "none"
    claim = (
        f"has no site {name!r}"
        if not named
        else f"has {len(named)} sites of that name"
        if name
        else "has several sites"
    )
    raise BadTarget(f"{operator.email} {claim}. The sites are: {names}. Say which one with --site.")


def _by_uuid(text: str) -> Sensor | None:
    uuid = _uuid(text)
    return Sensor.objects.filter(uuid=uuid).select_related("site").first() if uuid else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _source(sensor: Sensor) -> Source:
    return Source(sensor.pk, str(sensor.uuid))

"""Sites and sensors that an operator may see or change, by `site_right` and `sensor_right` (`rights/models.py`).

Only membership counts: superusers see more in the admin, but nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from sensorfusion.accounts.limits import bound_to, may_administer, may_write
from sensorfusion.accounts.models import Operator, Role
from sensorfusion.events.prepared import Columns, fetch, fetch_one
from sensorfusion.sensors.models import Key, Sensor, Site, SiteRight
from sensorfusion.sensors.polls.models import Poll

_SENSORS: Final = Columns(Sensor, "sensor")
_SITES: Final = Columns(Site, "site")
_POLLS: Final = Columns(Poll, "poll")
_OF_POLL: Final[Any] = Sensor._meta.get_field("poll")
# `visible_sensors` of one id, by hand: every request for a sensor asks it, and the ORM takes longer to write it than
# PostgreSQL to answer it.
SEEN: Final = f"{_SENSORS.sql}, {_SITES.sql}"
SEEN_COLUMNS: Final = len(_SENSORS) + len(_SITES)
SEEN_FROM: Final = """
sensors_sensor AS sensor JOIN sensors_site AS site ON site.id = sensor.site_id
JOIN site_right AS granted ON granted.site_id = site.id
"""
_SEEN: Final = f"""
SELECT {SEEN} FROM {SEEN_FROM} WHERE sensor.uuid = %(uuid)s AND granted.operator_id = %(operator)s
"""
_SEEN_WITH_POLL: Final = f"""
SELECT {SEEN}, granted.may_edit, {_POLLS.sql}
FROM {SEEN_FROM} LEFT JOIN sensors_poll AS poll ON poll.sensor_id = sensor.id
WHERE sensor.uuid = %(uuid)s AND granted.operator_id = %(operator)s
"""
# `visible_sensors`, as every page lists them.
_LISTED: Final = f"""
SELECT {SEEN}, row_number() OVER (ORDER BY sensor.name, sensor.id)
FROM {SEEN_FROM} WHERE granted.operator_id = %(operator)s AND (%(sites)s::bigint[] IS NULL OR site.id = ANY(%(sites)s))
"""
_BY_SITE: Final = f"{_LISTED} ORDER BY site.name, sensor.name, sensor.id"
_BY_NAME: Final = f"{_LISTED} ORDER BY sensor.name, sensor.id LIMIT %(most)s"


def visible_sites(operator: Operator) -> QuerySet[Site]:
    """Select the sites that the operator is a member of, and that the operator's token reaches."""
    return Site.objects.filter(reached_by(operator), rights__operator=operator)


def visible_sensors(operator: Operator) -> QuerySet[Sensor]:
    """Select the sensors of the sites that `visible_sites` selects."""
    # By the site, although `rights` of the sensor are the same: through the view of sensors the ORM would join the
    # table of sensors with itself.
    return Sensor.objects.filter(reached_by(operator, "site"), site__rights__operator=operator)


class Listed(NamedTuple):
    """A sensor with its site; `place` is its place, from 1 on, among all of them by name."""

    sensor: Sensor
    place: int


def sensors_by_site(operator: Operator) -> list[Listed]:
    """Return the sensors that `visible_sensors` selects, by site and name."""
    return _listed(fetch(_BY_SITE, _seen_by(operator)))


def sensors_by_name(operator: Operator, *, most: int) -> list[Listed]:
    """Return the first sensors that `visible_sensors` selects, by name."""
    return _listed(fetch(_BY_NAME, _seen_by(operator) | {"most": most}))


def _listed(rows: Iterable[Sequence[Any]]) -> list[Listed]:
    sites: dict[int, Site] = {}
    return [Listed(_sensor(row, sites), row[-1]) for row in rows]


def _sensor(row: Sequence[Any], sites: dict[int, Site]) -> Sensor:
    """Return the sensor of a row with its site, which is made once."""
    sensor = _SENSORS.made_of(row[: len(_SENSORS)])
    if sensor.site_id not in sites:
        sites[sensor.site_id] = _SITES.made_of(row[len(_SENSORS) : SEEN_COLUMNS])
    sensor.site = sites[sensor.site_id]
    return sensor


def _seen_by(operator: Operator) -> dict[str, Any]:
    sites = bound_to(operator)
    return {"operator": operator.pk, "sites": None if sites is None else list(sites)}


def editable_sites(operator: Operator) -> QuerySet[Site]:
    """Select the sites whose sensors the operator may edit, in order of creation."""
    return _sites_where(operator, rights__may_edit=True)


def home_sites(operator: Operator) -> QuerySet[Site]:
    """Select the sites within which names and defaults of the operator are looked up, in order of creation.

    These are the sites that the operator owns, or has bound the token to. At other sites, where the operator is an
    editor, another member could register a sensor of the same name.
    """
    owned = {} if bound_to(operator) is not None else {"rights__may_own": True}
    return _sites_where(operator, rights__may_edit=True, **owned)


def _sites_where(operator: Operator, **right: bool) -> QuerySet[Site]:
    if not may_write(operator):
        return Site.objects.none()
    # In one call: a second one could be met by the right of another operator.
    found = Site.objects.filter(reached_by(operator), rights__operator=operator, **right)
    return found.order_by("created_at", "id")


def reached_by(operator: Operator, site: str = "pk") -> Q:
    """Return the condition that the column `site` is one that the operator's token is bound to, if it is."""
    sites = bound_to(operator)
    return Q() if sites is None else Q(**{f"{site}__in": sites})


def sites_with_role(operator: Operator) -> QuerySet[Site]:
    """Select the visible sites in order of creation.

    Each has the operator's `role`, whether they `may_edit` it, and its `sensor_count`.
    """
    found = visible_sites(operator).annotate(
        role=F("rights__role"), may_edit=F("rights__may_edit"), sensor_count=Count("sensors")
    )
    return found.order_by("created_at", "id")


def sensors_with_last_seen(operator: Operator) -> QuerySet[Sensor]:
    """Select the visible sensors by name, each with its site and `last_seen`, the time of the last arrival."""
    # A literal name, because the state's model belongs to the layer above.
    seen = visible_sensors(operator).annotate(last_seen=F("state__received_at"))
    return seen.select_related("site").order_by("name", "id")


def site_for(*, operator: Operator, uuid: UUID) -> Site | None:
    """Return a site by its public id, or None if there is none that the operator may see."""
    return visible_sites(operator).filter(uuid=uuid).first()


def sensor_for(*, operator: Operator, uuid: UUID) -> Sensor | None:
    """Return a sensor (with its site) by its public id, or None if there is none that the operator may see."""
    row = fetch_one(_SEEN, {"operator": operator.pk, "uuid": uuid})
    return None if row is None else sensor_of(row, operator=operator)


def sensor_of(row: Sequence[Any], *, operator: Operator) -> Sensor | None:
    """Return the sensor of the columns `SEEN` of a row of `SEEN_FROM` that was granted to the operator.

    None if the operator's token does not reach its site.
    """
    sensor = _SENSORS.made_of(row[: len(_SENSORS)])
    sensor.site = _SITES.made_of(row[len(_SENSORS) : SEEN_COLUMNS])
    sites = bound_to(operator)
    return sensor if sites is None or sensor.site_id in sites else None


def sensor_and_right(*, operator: Operator, uuid: UUID) -> tuple[Sensor, bool] | None:
    """Return a sensor (with its site and its poll) and whether the operator may edit it, or None as `sensor_for`."""
    row = fetch_one(_SEEN_WITH_POLL, {"operator": operator.pk, "uuid": uuid})
    sensor = None if row is None else sensor_of(row, operator=operator)
    if row is None or sensor is None:
        return None
    may_edit, *poll = row[SEEN_COLUMNS:]
    if poll[0] is None:
        _OF_POLL.set_cached_value(sensor, None)
    else:
        _POLLS.made_of(poll).sensor = sensor  # sets `sensor.poll`, too
    return sensor, may_edit


def role_at(*, operator: Operator, site: Site) -> Role | None:
    """Return the operator's role at the site, or None for non-members."""
    role = _right(operator, site).values_list("role", flat=True).first()
    return Role(role) if role else None


def may_edit(*, operator: Operator, site: Site) -> bool:
    """Return whether the operator may change the site and its sensors."""
    return may_write(operator) and _right(operator, site).filter(may_edit=True).exists()


def may_own(*, operator: Operator, site: Site) -> bool:
    """Return whether the operator may manage the site's members, and delete it."""
    return may_administer(operator) and _right(operator, site).filter(may_own=True).exists()


def _right(operator: Operator, site: Site) -> QuerySet[SiteRight]:
    return SiteRight.objects.filter(reached_by(operator, "site"), operator=operator, site=site)


@dataclass(frozen=True, slots=True)
class Removed:
    """The readings of one month that retention removed from a site."""

    month: date
    readings: int
    sensors: int
    removed_at: datetime


def removed_of(site: Site) -> list[Removed]:
    """Return the removals of a site by month, the newest first."""
    by_month = Sensor.objects.filter(site=site, removals__isnull=False).values("removals__month")
    added = by_month.annotate(
        removed=Sum("removals__readings"), sensors=Count("id"), removed_at=Max("removals__removed_at")
    )
    rows = added.order_by("-removals__month").values_list("removals__month", "removed", "sensors", "removed_at")
    return [Removed(*row) for row in rows]


def keys_of(sensor: Sensor) -> QuerySet[Key]:
    """Select a sensor's keys, the newest first, with their makers and without their digests."""
    return Key.objects.filter(sensor=sensor).select_related("made_by").defer("digest").order_by("-created_at", "-id")

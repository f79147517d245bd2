"""Makes samples of readings: without excluded and bad values, with what the network's fields are derived from.

Dew point, pressure at sea level and sums of rain come from the code of our own figures; the altimeter setting is made
here, as only CWOP asks for it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext_noop

from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derivation import Place, derive_now
from sensorfusion.domain.weather.derived import altimeter_setting
from sensorfusion.readings.queries import BELONGS_TOGETHER_S, Newest, place_of
from sensorfusion.readings.stored.reads import Stored
from sensorfusion.send_on.rain import rain_until
from sensorfusion.send_on.targets.fields import ALTIMETER, RAIN_MIDNIGHT
from sensorfusion.send_on.targets.target import Sample, Target
from sensorfusion.sensors.models import Sensor

# The console's own sums, by what they stand for; the one of a day restarts by the console's clock.
_TOLD: Final = {"rain_1h": "rain_1h", "rain_24h": "rain_24h"}
_WHY: Final = {Flag.BAD: gettext_noop("flagged bad"), Flag.SUSPECT: gettext_noop("flagged suspect")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values of a reading that may be sent to a target, and why each of the others may not."""

    values: Mapping[str, Any]
    left_out: Mapping[str, str]

    @property
    def said(self) -> str:
        """Name what is left out because of its quality or age."""
        return "; ".join(f"{name}: {why}" for name, why in sorted(self.left_out.items()))


def chosen(
    values: Mapping[str, Any], target: Target, *, flags: Mapping[str, int] | None, excluded: Collection[str] = ()
) -> Chosen:
    """Leave out excluded values, bad ones, and suspect ones where the target does not check quality itself."""
    left_out = {}
    for name in values:
        flag = (flags or {}).get(name, Flag.GOOD)
        if name in excluded or "" in excluded:
            left_out[name] = gettext_noop("excluded")
        elif flag == Flag.BAD or (flag == Flag.SUSPECT and not target.sends_suspect):
            left_out[name] = _WHY[Flag(flag)]
    return Chosen({name: value for name, value in values.items() if name not in left_out}, left_out)


def newest_chosen(newest: Newest, target: Target) -> Chosen:
    """Choose among the newest values; those of a station that sends in parts belong together for some minutes."""
    found = chosen(newest.values, target, flags=newest.flags)
    if newest.observed_at is None:
        return found
    together_s = min(BELONGS_TOGETHER_S, target.stale.total_seconds())
    oldest = newest.observed_at.timestamp() - together_s
    why = gettext_noop("older than the rest")
    old = {name: why for name, at in newest.older.items() if at < oldest and name in found.values}
    values = {name: value for name, value in found.values.items() if name not in old}
    return Chosen(values, {**found.left_out, **old})


def stored_chosen(stored: Stored, target: Target) -> Chosen:
    """Choose among the values of a stored reading."""
    excluded = () if isinstance(stored.excluded, msgspec.UnsetType) else stored.excluded
    return chosen(stored.values, target, flags=stored.flags, excluded=excluded)


def sample_of(sensor: Sensor, newest: Newest, at: datetime, values: Mapping[str, Any], target: Target) -> Sample:
    """Make the sample of values that may be sent, observed at an instant; `newest` tells what the sensor measures."""
    place, zone = place_of(sensor), ZoneInfo(sensor.site.time_zone)
    more = _derived(values, at, place, target)
    for name, amount in _rain(sensor, newest, at, zone, values, target).items():
        more.setdefault(name, amount)
    return Sample(at.astimezone(UTC), {**more, **values} if target.columns else dict(values), place, zone)


def _derived(values: Mapping[str, Any], at: datetime, place: Place, target: Target) -> dict[str, Any]:
    if not target.derives:
        return {}
    numbers = {name: float(value) for name, value in values.items() if is_number(value)}
    found: dict[str, Any] = {
        name: value for name, value in derive_now(numbers, at, place).items() if name in target.derives
    }
    setting = altimeter_setting(pressure=numbers.get("pressure"), elevation_m=place.elevation_m)
    if ALTIMETER in target.derives and setting is not None:
        found[ALTIMETER] = setting
    return found


def _rain(
    sensor: Sensor, newest: Newest, at: datetime, zone: ZoneInfo, values: Mapping[str, Any], target: Target
) -> dict[str, float]:
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = {"rain_1h": at - timedelta(hours=1), "rain_24h": at - timedelta(hours=24), RAIN_MIDNIGHT: midnight}
    wanted = [name for name in target.rain if _TOLD.get(name) not in values]
    found = {name: rain_until(sensor, newest, since=since[name], until=at) for name in wanted}
    return {name: amount for name, amount in found.items() if amount is not None}

"""A sensor as a share shows it: the only way from a share to values.

The report's functions are given a station that has nothing else to tell: the newest values of the chosen quantities,
the share's name in place of the sensor's and the site's, and a rounded place or none. What they draw of a quantity,
they read by the names in it.
"""

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sensorfusion.readings.queries import Newest, state_of
from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.reports.charts.spans import RANGES, RangeName, Span, live
from sensorfusion.reports.queries import Station, stations
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.models import Share, ShareRight

RANGES_OF: Final[tuple[RangeName, ...]] = ("24h", "7d", "30d", "1y")


def through(right: ShareRight, *, now: datetime) -> Station:
    """Return the station that a share shows."""
    (station,) = all_through([right], now=now)
    return station


def all_through(rights: Sequence[ShareRight], *, now: datetime) -> list[Station]:
    """Return the stations that shares show, in their order, by the statements that one takes."""
    found = stations([right.sensor for right in rights], now=now)
    return [_as_shared(station, right, now) for station, right in zip(found, rights, strict=True)]


def narrowed(newest: Newest, quantities: list[str]) -> Newest:
    """Return the newest values of these quantities alone, as if the sensor had no others."""
    values = {name: newest.values[name] for name in quantities if name in newest.values}
    if newest.observed_at is None or not values:
        return Newest(0, None, None, {}, None, {}, ())
    newest_s = newest.observed_at.timestamp()
    at_s = {name: newest.older.get(name, newest_s) for name in values}
    last_s = max(at_s.values())
    observed_at = newest.observed_at if last_s == newest_s else instant(last_s)
    flags = {name: flag for name, flag in (newest.flags or {}).items() if name in values}
    older = {name: at for name, at in at_s.items() if at < last_s}
    return Newest(0, observed_at, None, values, flags or None, older, newest.deltas)


def rounded_place(place: tuple[float, float] | None, grid: int) -> tuple[float, float] | None:
    """Return the middle of the square that a place is in, None if the share hides it; `grid` as in `models.Grid`."""
    if place is None or not grid:
        return None
    latitude, longitude = (round((degrees * 100 // grid + 0.5) * grid / 100, 3) for degrees in place)
    return max(-90.0, min(90.0, latitude)), max(-180.0, min(180.0, longitude))


def ranges_of(share: Share) -> list[RangeName]:
    """Return the ranges that a share shows, the shortest first."""
    return list(RANGES_OF[: RANGES_OF.index(share.history) + 1]) if share.history in RANGES else ["24h"]


def span_shown(station: Station, share: Share, asked: str) -> Span:
    """Return the range that was asked for if the share shows it, else its shortest."""
    return live(station, next((name for name in ranges_of(share) if name == asked), "24h"))


def _as_shared(station: Station, right: ShareRight, now: datetime) -> Station:
    newest = narrowed(station.newest, right.share.quantities)
    sensor = _masked(station.sensor, right.share, rounded_place(station.place, right.share.grid))
    return replace(station, sensor=sensor, newest=newest, state=state_of(right.sensor, newest, now=now))


def _masked(sensor: Sensor, share: Share, place: tuple[float, float] | None) -> Sensor:
    masked, site = copy.copy(sensor), copy.copy(sensor.site)
    masked.latitude, masked.longitude = place or (None, None)
    site.latitude = site.longitude = site.elevation_m = masked.elevation_m = None
    masked.name = site.name = share.name
    masked.uuid = share.uuid
    masked.model = site.notice = ""
    if masked.primary_quantity not in share.quantities:
        masked.primary_quantity = ""
    masked.site = site
    return masked

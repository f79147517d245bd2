"""Data for the page's scripts: the clock, the values, and how to show them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.charts.series import Series
from sensorfusion.readings.storage.wire import instant
from sensorfusion.reports.queries import Station
from sensorfusion.web.addresses import full_path
from sensorfusion.web.looks import Looks
from sensorfusion.web.values.display import table
from sensorfusion.web.values.presentation import AS_USUAL, Presentation


def page_data(
    stations: Sequence[Station],
    shown: Collection[str],
    *,
    now: datetime,
    system: str,
    day_before: Series | None = None,
) -> dict[str, Any]:
    """Return the page's data for these sensors and the quantities the page shows.

    :param day_before: the values of the day before, in the format of the API's series.
    """
    # Labels and colours belong to a sensor: a page of several has them in its cards, which scripts leave as they are.
    page = stations[0].presentation if len(stations) == 1 else AS_USUAL
    names = sorted(set(shown) | {name for station in stations for name in station.newest.values})
    return {
        "now": instant(now),
        "live": full_path("/ws/live/"),
        "api": full_path("/api/v1/"),
        "sign_in": reverse("sign-in"),
        "units": table((name, page.display(name, system)) for name in names),
        "quantities": {name: _entry(name, page.looks(name)) for name in names},
        "sensors": [_sensor(station) | _own_units(station, page, system) for station in stations],
        "day_before": day_before and _series(day_before),
    }


def _series(series: Series) -> dict[str, Any]:
    columns = {name: {"value": column.value} for name, column in series.columns.items()}
    return {"resolution": series.resolution, "t": series.t, "series": columns}


def _own_units(station: Station, page: Presentation, system: str) -> dict[str, Any]:
    """Return the units of a sensor's values that differ from the page's."""
    if station.presentation is page:
        return {}
    own = {name: station.display(name, system) for name in station.newest.values if station.presentation.is_own(name)}
    differing = [(name, shown) for name, shown in own.items() if shown != page.display(name, system)]
    return {"units": table(differing)} if differing else {}


def _entry(name: str, looking: Looks) -> dict[str, Any]:
    entry = quantity(name)
    found = {"label": looking.short, "hue": looking.hue, "combine": entry.combine}
    return found | {"is_daily": True} if entry.restarts == "day" else found


def _sensor(station: Station) -> dict[str, Any]:
    newest, place = station.newest, station.place or (None, None)
    return {
        "sensor": str(station.sensor.uuid),
        "name": station.sensor.name,
        "seq": newest.seq,
        "observed_at": newest.observed_at and instant(newest.observed_at),
        "received_at": newest.received_at and instant(newest.received_at),
        "state": station.state,
        "interval_s": station.interval_s,
        "time_zone": station.sensor.site.time_zone,
        "day_starts_h": station.sensor.site.day_starts_h,
        "latitude": place[0],
        "longitude": place[1],
        "values": newest.values,
        "flags": newest.flags,
        "older": newest.older,
    }

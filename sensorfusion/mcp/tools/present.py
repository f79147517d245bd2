"""Tools: which sensors there are, and their newest values."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from sensorfusion.domain.quality import Flag
from sensorfusion.mcp.answers import Answer, at, clean
from sensorfusion.mcp.parameters import Sensor, Skip
from sensorfusion.mcp.platform import Platform, Station

Search = Annotated[str, Field(max_length=200, description="A part of the name; empty: all sensors.")]


def sensors(platform: Platform, search: Search = "", skip: Skip = 0) -> Answer:
    """List the sensors that may be asked about, with their sites, zones and when they were last heard."""
    sites = {each["id"]: each for each in platform.reader.sites()}
    found = list(platform.reader.sensors(ordering="name", **({"search": search} if search else {})))
    return {
        "n": len(found),
        "columns": ["name", "id", "site", "zone", "status", "last_heard"],
        "rows": [_listed(each, sites[each["site"]]) for each in found if each["site"] in sites],
    }


def latest(platform: Platform, sensor: Sensor, skip: Skip = 0) -> Answer:
    """Return the newest value of each quantity of a sensor, with its unit, its time, and its flag if it is doubtful.

    `derived` values, such as the dew point, are computed from the others.
    """
    station = platform.station(sensor)
    newest = station.latest
    rows = [_value(station, name, value) for name, value in newest.values.items()]
    rows += [[name, value, station.unit(name), None, "derived"] for name, value in newest.derived.items()]
    return {
        **station.about,
        "state": newest.state,
        "observed_at": newest.observed_at and at(newest.observed_at, station.zone),
        "now": at(platform.now(), station.zone),
        "resolution": "single readings",
        "n": len(rows),
        "flags": {flag_word(flag): list(newest.flags.values()).count(flag) for flag in set(newest.flags.values())},
        "columns": ["quantity", "value", "unit", "at", "note"],
        "rows": rows,
    }


def flag_word(flag: int) -> str:
    """Return the word for a flag of QARTOD."""
    return Flag(flag).name.lower()


def _listed(said: dict[str, Any], site: dict[str, Any]) -> list[object]:
    heard = said["last_seen"] and datetime.fromisoformat(said["last_seen"]).strftime("%Y-%m-%dT%H:%MZ")
    return [clean(said["name"]), said["id"], clean(site["name"]), site["time_zone"], said["status"], heard]


def _value(station: Station, name: str, value: object) -> list[object]:
    newest = station.latest
    observed_at = newest.older.get(name, newest.observed_at)
    shown = clean(value) if isinstance(value, str) else value
    flag = newest.flags.get(name)
    note = flag_word(flag) if flag else None
    return [clean(name), shown, station.unit(name), observed_at and at(observed_at, station.zone), note]

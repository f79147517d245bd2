"""`…/latest` against the newest values of the readings."""

from collections.abc import Iterator
from datetime import datetime

from tests.truth.checks.differences import first, of_figures, of_values
from tests.truth.oracle.newest import derived_now, newest
from tests.truth.station import WHERE, Station


def differences(station: Station) -> list[str]:
    return first(_differences(station))


def _differences(station: Station) -> Iterator[str]:
    said, true = station.get("latest", derived="1"), newest(station.readings, station.excluded)
    at = said["observed_at"] and datetime.fromisoformat(said["observed_at"]).timestamp()
    yield from of_values("latest, observed_at", at, true.at)
    yield from of_values("latest, values", dict(sorted(said["values"].items())), dict(sorted(true.values.items())))
    yield from of_values("latest, older", dict(sorted(said.get("older", {}).items())), dict(sorted(true.older.items())))
    yield from of_values("latest, flags", said.get("flags", {}), true.flags)
    derived = derived_now(true, WHERE.elevation_m)
    for name in sorted(derived.keys() | said["derived"].keys()):
        told = {"now": said["derived"].get(name)}  # with a decimal fewer than in columns
        yield from of_figures("latest, derived", name, told, {"now": derived.get(name)}, slack=0.06)

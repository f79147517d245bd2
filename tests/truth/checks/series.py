"""`…/series` against buckets of the readings: the stored quantities, the derived ones, the gaps, parts of the whole."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from tests.truth.checks.differences import first, instant, of_figures, of_values
from tests.truth.oracle.buckets import Resolution, Rows
from tests.truth.oracle.derived import derived
from tests.truth.oracle.gaps import silences
from tests.truth.oracle.quantities import COMBINES
from tests.truth.oracle.rain import TELL
from tests.truth.oracle.weather import FORMULAS
from tests.truth.station import WHERE, Station

RESOLUTIONS: Final[tuple[Resolution, ...]] = ("raw", "5m", "1h", "1d")
STANDS_FOR: Final = {"mean": "mean", "vector": "mean", "sum": "sum", "counter": "last"}
MOST: Final = 5000  # rows of an answer
WIDTHS_S: Final[Mapping[Resolution, float]] = {"5m": 300, "1h": 3600, "1d": 86400}
# Inputs of derived quantities are rounded to two decimals more than instruments resolve before they are used: 0.005 %
# of humidity move a dew point by 0.002 K in dry air.
SLACK: Final[Mapping[str, float]] = {
    **dict.fromkeys(("dew_point", "humidex", "heat_index", "wind_chill", "feels_like", "apparent_temperature"), 0.004),
    **dict.fromkeys(("absolute_humidity", "sea_level_pressure"), 0.002),
    "vapour_pressure_deficit": 0.0004,
    "reference_evapotranspiration": 0.0002,
}
Part = Literal["value", "low", "high"]


def stored(station: Station) -> list[str]:
    """Return the differences of stored quantities in all resolutions over all readings."""
    return first(line for each in _resolutions(station) for line in _stored(station, each))


def silent(station: Station) -> list[str]:
    """Return the differences of the rows of nulls that stand in silences."""
    return first(line for each in _resolutions(station) if each != "raw" for line in _silences(station, each))


def worked_out(station: Station) -> list[str]:
    """Return the differences of derived quantities in all resolutions."""
    return first(line for each in _resolutions(station) for line in _derived(station, each))


def parts(station: Station) -> list[str]:
    """Return the differences of parts of the whole, each asked alone: single days, single hours, and half hours."""
    return first(_parts(station))


def _resolutions(station: Station) -> Sequence[Resolution]:
    return RESOLUTIONS[1:] if station.case.is_retained else RESOLUTIONS


def _asked(station: Station, wanted: Sequence[str], resolution: Resolution, start: float, end: float) -> Any:
    query = {"quantities": ",".join(wanted), "resolution": resolution, "points": MOST}
    return station.get("series", **query, **{"from": f"{start:.0f}", "to": f"{end:.0f}"})


def whole(station: Station) -> tuple[float, float]:
    return math.floor(station.readings[0].at / 86400) * 86400.0 - 86400, station.now.timestamp()


def _stored(station: Station, resolution: Resolution) -> Iterator[str]:
    said = _asked(station, station.names, resolution, *whole(station))
    yield from of_values("series, resolution", said["resolution"], resolution)
    for name in station.names:
        yield from rows_differ(f"series {resolution}", name, said, true_rows(station, name, resolution))


def true_rows(station: Station, name: str, resolution: Resolution) -> Rows:
    """Return stored rows; of rain that a counter told before, derived ones before the first of them."""
    own = station.buckets.rows(name, resolution)
    counters = [each for each in station.names if each in TELL and each != "rain"]
    if name != "rain" or not counters:
        return own
    before = derived(station.buckets, name, counters, resolution, WHERE)
    return {start: cell for start, cell in before.items() if start < min(own)} | own


def rows_differ(what: str, name: str, said: Any, true: Rows, *, slack: float = 0.0) -> Iterator[str]:
    columns = said["series"][name]
    stands = columns.get("mean", columns.get("sum", columns.get("last")))
    told: Mapping[Part, Sequence[float | None]] = {"value": stands, "low": columns["min"], "high": columns["max"]}
    for part, column in told.items():
        if part != "value" and COMBINES.get(name) == "vector":
            continue  # a direction has no extremes
        of_said = {t: value for t, value in zip(said["t"], column, strict=True) if value is not None}
        of_true = {t: value for t, cell in true.items() if (value := getattr(cell, part)) is not None}
        yield from of_figures(f"{what} {part}", name, of_said, of_true, slack=slack)


def _silences(station: Station, resolution: Resolution) -> Iterator[str]:
    said = _asked(station, station.names, resolution, *whole(station))
    held = {t for name in station.names for t in station.buckets.rows(name, resolution)}
    true = [(begin + end) / 2 for begin, end in silences(sorted(held), width_s=WIDTHS_S[resolution])]
    columns = [column for each in said["series"].values() for column in each.values()]
    empty = [t for row, t in enumerate(said["t"]) if all(column[row] is None for column in columns)]
    yield from of_values(f"series {resolution}, silences", [instant(t) for t in empty], [instant(t) for t in true])


def _derived(station: Station, resolution: Resolution) -> Iterator[str]:
    """Ask for all of them beside all stored ones, and for each alone."""
    every = _derivable(station)
    for wanted in ([*every, *station.names], *([name] for name in every)):
        said = _asked(station, wanted, resolution, *whole(station))
        what = f"series {resolution} of {len(wanted)}"
        for name in set(wanted) & set(every):
            true = derived(station.buckets, name, _inputs(station, name), resolution, WHERE)
            yield from rows_differ(what, name, said, true, slack=SLACK.get(name, 0.0))


def _inputs(station: Station, name: str) -> list[str]:
    """Return what a derived quantity is derived from: of rain all that tell it."""
    if name in ("rain", "rain_rate"):
        return [each for each in TELL if each in station.names]
    needed, optional, _ = FORMULAS.get(name, (("pressure", "temperature"), (), None))
    return [*needed, *optional]


def _derivable(station: Station) -> list[str]:
    has = set(station.names)
    found = [*FORMULAS, "sea_level_pressure", "reference_evapotranspiration", "rain_rate"]
    if "rain" not in has and has & set(TELL):
        found.append("rain")
    return found


def _parts(station: Station) -> Iterator[str]:
    dice, days = random.Random(station.case.name), station.buckets.calendar
    held = [each.at for each in station.buckets.readings]
    for at in dice.sample(held, 2):
        place = days.place(at)
        yield from _part(station, "1d", days.begins[place], days.begins[place + 1])
        hour = math.floor(at / 3600) * 3600.0
        yield from _part(station, "1h", hour, hour + 3600)
        half = math.floor(at / 1800) * 1800.0
        yield from _part(station, "5m", half, half + 1800)
        yield from _part(station, "5m", half + 300, half + 5 * 3600 - 300)


def _part(station: Station, resolution: Resolution, start: float, end: float) -> Iterator[str]:
    """Compare whole buckets of a part; its first derived row may be the whole's first one of all."""
    said = _asked(station, station.names, resolution, start, end)
    for name in station.names:
        whole = true_rows(station, name, resolution)
        true = {at: cell for at, cell in whole.items() if start <= at < end}
        yield from rows_differ(f"series {resolution} from {instant(start)} to {instant(end)}", name, said, true)

"""Examples of the formulas that the server and the page's scripts both have, with the server's results."""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import product
from types import ModuleType
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from sensorfusion.domain import counters, gaps, liveness, local_time, rollup
from sensorfusion.domain.weather import derived, sun, wind
from sensorfusion.readings.rollups.buckets import Column
from sensorfusion.reports import overview, words
from sensorfusion.reports import wind as compass
from sensorfusion.reports.charts import band_words, resolution, spans
from sensorfusion.web.values import freshness
from sensorfusion.web.values.display import display
from tests.domain.hard_zones import STARTS_H, ZONES, instants

NOW: Final = 1_795_608_000  # 22 November 2026, 12:00 UTC
WIDTHS_S: Final = (900, 3600, 21600, 604800)
PLACES: Final = ((52.24, 21.01), (-33.87, 151.21), (69.65, 18.96), (0.0, 0.0))
STATES: Final = get_args(liveness.State)


@dataclass(frozen=True, slots=True)
class Twin:
    """A function of the server, the equivalent function of the scripts, and the arguments of both.

    `script` is a module and a name in it; `cases` are pairs of the script's arguments and the server's result.
    """

    server: Callable[..., Any]
    script: tuple[str, str]
    cases: list[tuple[list[Any], Any]]


def twins() -> list[Twin]:
    """Return every formula that exists twice."""
    return [
        *_derived(),
        *_sun(),
        *_wind(),
        _silences(),
        _state(),
        *_words(),
        *_of_stations(),
        *_overview(),
        *_times(),
        *_counters(),
        *_resolutions(),
        *_bands(),
    ]


def formulas() -> dict[str, dict[str, list[tuple[list[Any], Any]]]]:
    """Group the cases by the scripts' module and name."""
    found: dict[str, dict[str, list[tuple[list[Any], Any]]]] = {}
    for twin in twins():
        module, name = twin.script
        found.setdefault(module, {})[name] = twin.cases
    return found


def public_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the functions that a module exports."""
    functions = inspect.getmembers(module, inspect.isfunction)
    return {name: each for name, each in functions if each.__module__ == module.__name__ and not name.startswith("_")}


def _twin(server: Callable[..., Any], inputs: Iterable[tuple[Any, ...]], module: str = "", name: str = "") -> Twin:
    """Pair a function with the script's of the same name, which takes the same arguments by position."""
    parameters = inspect.signature(server).parameters
    cases = [(list(given), _short(server(**dict(zip(parameters, given, strict=True))))) for given in inputs]
    own = re.sub(r"_(\w)", lambda match: match[1].upper(), server.__name__)
    return Twin(server, (module or server.__module__.rpartition(".")[2], name or own), cases)


def _short(value: Any) -> Any:
    return round(value, 9) if isinstance(value, float) else value


def _derived() -> list[Twin]:
    felt = product((-20.5, 0, 9.9, 10, 10.1, 26.6, 26.7, 30, 42), (None, 12, 40, 86, 99), (None, 1, 9))
    speeds = [(each / 20,) for each in range(0, 700, 3)]
    return [
        _twin(derived.feels_like, felt),
        _twin(derived.dew_point, product((None, -20, 0, 21.5), (None, 0, 1, 55, 100))),
        _twin(derived.comfort_word, [(each / 2,) for each in range(-4, 54)]),
        _twin(derived.uv_word, [(each / 2,) for each in range(26)]),
        _twin(derived.tendency_word, [(each / 10,) for each in range(-60, 61)]),
        _twin(derived.beaufort, speeds),
        _twin(derived.beaufort_word, speeds),
    ]


def _resolutions() -> list[Twin]:
    every = product(("raw", "5m", "1h", "1d"), (1, 3), ("mean", "vector", "sum", "counter", "last"))
    return [
        _twin(resolution.resolution_words, every),
        _twin(resolution.bars_words, [(each.length_s,) for each in spans.BARS.values()]),
    ]


def _bands() -> list[Twin]:
    weeks = [(0, 100, 1.5, 9.25), (100, 200, 2, 8), (300, 400, -1, 3)]
    cut = [(start, end) for start, end in product((-50, 0, 50, 150, 200, 350), (50, 100, 200, 320, 500)) if start < end]
    areas = [([weeks, *span], [list(each) for each in band_words.areas(weeks, *span)]) for span in cut]
    ends = [(0, 10), (-20.5, -18), (5, 5)]
    levels: list[list[float]] = [[], [5], [20, -10], [20.1, -10.1], [-25, -18], [-23, -16.0], [5.1], [-100, 100]]
    reached = [([*end, each], list(band_words.reach(*end, each))) for end, each in product(ends, levels)]
    years: tuple[list[int], ...] = ([], [2025], [2024, 2025], [2021, 2023, 2024, 2025], [2025, 2016, 2018, 2016])
    is_so = (True, False)
    ranges, which = ("3.1 to 9.8 °C", "58 to 62 °F"), ("this week", "that week", "its last week")
    limits = [("−25.0", "−18.0 °C"), ("", "4.0 °C"), ("2.0 °C", "")]
    return [
        Twin(band_words.reach, ("band-words", "reach"), reached),
        Twin(band_words.areas, ("band-words", "areas"), areas),
        _twin(band_words.years_words, [(each,) for each in years], "band-words"),
        _twin(band_words.week_words, product(is_so, is_so), "band-words"),
        _twin(band_words.usual_sentence, product(ranges, which), "band-words"),
        _twin(band_words.usual_key, product(ranges, which, is_so, ("2025", "2021, 2023–2025")), "band-words"),
        _twin(band_words.allowed_words, limits, "band-words"),
    ]


def _sun() -> list[Twin]:
    altitudes = [-90, -12.1, -12, -6, -0.9, -0.8, 0, 3, 6, 6.1, 10, 10.1, 45, 90]
    return [
        Twin(sun.position, ("sun", "position"), [_standing(*each) for each in product(range(0, 8760, 973), PLACES)]),
        _twin(sun.sky, [(each,) for each in altitudes]),
        _twin(sun.clear_sky_radiation, [(each,) for each in altitudes]),
        _twin(sun.is_overcast, product(altitudes, (None, 0, 60, 120, 350))),
    ]


def _standing(hour: int, place: tuple[float, float]) -> tuple[list[Any], Any]:
    at, (latitude, longitude) = NOW + hour * 3600, place
    found = sun.position(datetime.fromtimestamp(at, UTC), latitude=latitude, longitude=longitude)
    where = {"latitude": latitude, "longitude": longitude}
    return [at * 1000, where], {"altitude": round(found.altitude, 9), "azimuth": round(found.azimuth, 9)}


def _wind() -> list[Twin]:
    samples: tuple[list[wind.WindSample], ...] = tuple(
        [wind.WindSample(*each) for each in winds]
        for winds in (
            [],
            [(0, None), (180, None)],
            [(350, 2.0), (10, 8.0), (355, 1.0), (5, 3.5)],
            [(90, None)],
            [(0, 0.0)] * 16 + [(170, 4.0)] * 8,
            [(200, 3.0), (220, 0.4), (260, 6.0), (None, 2.0), (30, None)],
        )
    )
    blowing = product((0, 247, 359.6), (0.0, 0.3, 0.5, 5.45), (None, 9.1))
    units = {each: asdict(display(each, "metric")) for each in ("wind_speed", "wind_gust")}
    return [
        _twin(wind.compass_point, [(each / 4,) for each in range(0, 1441, 15)]),
        _twin(wind.weight, [(None,), (0.0,), (0.49,), (0.5,), (7.5,)]),
        Twin(
            wind.vector,
            ("wind", "vector"),
            [([each, 2.5], wind.vector(direction=each, weight=2.5)) for each in (0, 45.5, 180, 359)],
        ),
        Twin(
            wind.heading,
            ("wind", "heading"),
            [([each], wind.heading(east=each[0], north=each[1])) for each in ((0, 0), (1e-10, 0), (1, -1), (-3, 0.5))],
        ),
        Twin(wind.mean_direction, ("wind", "meanDirection"), [([each], wind.mean_direction(each)) for each in samples]),
        Twin(wind.direction_spread, ("wind", "steadiness"), [([each], _steadiness(each)) for each in samples]),
        _twin(compass.bearing, product((0, 247, 359.6), (0.0, 0.49, 0.5, 5)), "wind-words"),
        Twin(
            compass.wind_words,
            ("wind-words", "windWords"),
            [([*each, units], compass.wind_words(*each, system="metric")) for each in blowing],
        ),
    ]


def _of_stations() -> list[Twin]:
    return [
        _twin(words.silence, product(STATES, ("14:32",), (None, 60, 7200)), "station-words"),
        _twin(freshness.why, product(STATES, ("9 Nov, 14:32", "")), "station-words"),
        _twin(freshness.as_of_words, [("13:04",)], "station-words"),
        _twin(words.moved, product((1.5, -1.5), ("temp", "wind"), (False, True)), "station-words"),
    ]


def _steadiness(samples: list[wind.WindSample]) -> dict[str, float] | None:
    middle, spread = wind.mean_direction(samples), wind.direction_spread(samples)
    if middle is None or spread is None:
        return None
    return {"middle": round(middle, 9), "spread": round(spread, 9)}


def _silences() -> Twin:
    rhythms = ([60] * 6 + [3600] + [60] * 6, [3600] * 20 + [1800] + [3] * 20, [3] * 20 + [3600] * 20, [1, 9], [1, 1, 9])
    found = []
    for rhythm, least in product(rhythms, (0, 8, 2000)):
        t = [float(sum(rhythm[:place])) for place in range(len(rhythm) + 1)]
        found.append(([t, {"least": least}], gaps.gaps(t, least_s=least)))
    hours = ([1] * 6 + [2] + [1] * 6, [1, 2, 1, 1, 2, 1, 1, 2], [4] * 6 + [8] + [4] * 3 + [24], [1, 2], [5])
    for steps, interval in product(hours, (None, 60, 3600, 4200)):
        t = [3600.0 * sum(steps[:place]) for place in range(len(steps) + 1)]
        given = {"width": 3600, "usual": interval or 0}
        found.append(([t, given], gaps.gaps(t, width_s=3600, interval_s=interval)))
    return Twin(gaps.gaps, ("gaps", "silences"), found)


def _state() -> Twin:
    def case(silent_s: float | None, interval_s: float | None, status: str) -> tuple[list[Any], str]:
        now = datetime.fromtimestamp(NOW, UTC)
        last_at = None if silent_s is None else datetime.fromtimestamp(NOW - silent_s, UTC)
        given = {
            "lastAt": None if silent_s is None else (NOW - silent_s) * 1000,
            "intervalS": interval_s,
            "now": NOW * 1000,
            "status": status,
        }
        return [given], liveness.state(last_at=last_at, interval_s=interval_s, now=now, status=status)

    silences = (None, 0, 9, 10, 149, 150, 599, 600, 3599, 3600, 8999, 9000, 18000, 1e6)
    given = product(silences, (None, 1, 60, 3600), ("active", "paused"))
    return Twin(liveness.state, ("liveness", "stateAt"), [case(*each) for each in given])


def _words() -> list[Twin]:
    lengths = (0, 1.4, 1.6, 59, 60, 89, 90, 3599, 3600, 5399, 5400, 86400, 172799, 172800, 1e6)
    now = datetime.fromtimestamp(NOW, UTC)
    ages = [([each * 1000], words.age(datetime.fromtimestamp(NOW - each, UTC), now=now)) for each in (-5, *lengths)]
    return [
        _twin(words.span, [(each,) for each in lengths], "format", "spanText"),
        _twin(words.interval, [(each,) for each in lengths], "format", "intervalText"),
        Twin(words.age, ("format", "ageText"), ages),
    ]


def _overview() -> list[Twin]:
    sets: list[list[str]] = [[each] * many for each in STATES for many in (1, 2)]
    sets += [list(STATES[:many]) for many in range(2, len(STATES) + 1)]
    return [
        _twin(overview.summary, product(sets, (1, 2)), "overview-words"),
    ]


def _times() -> list[Twin]:
    """Return examples around every change of the clocks of zones in which days are hard to divide."""
    standing = [(at, ZoneInfo(name)) for name in ZONES for at in instants(ZoneInfo(name))]
    days = list(product(standing, STARTS_H))
    bars = list(product(standing, WIDTHS_S, STARTS_H))
    numbers = [(local_time.day_number(at, zone=zone, starts_h=h), zone, h) for (at, zone), h in days]
    return [
        Twin(local_time.offset_s, ("zone", "offsetS"), [_at(local_time.offset_s, *each) for each in standing]),
        Twin(local_time.wall_s, ("zone", "wallS"), [_at(local_time.wall_s, *each) for each in standing]),
        Twin(local_time.instant_s, ("zone", "instantS"), [_at(local_time.instant_s, *each) for each in standing]),
        Twin(
            local_time.day_before_s, ("zone", "dayBeforeS"), [_at(local_time.day_before_s, *each) for each in standing]
        ),
        Twin(local_time.day_after_s, ("zone", "dayAfterS"), [_at(local_time.day_after_s, *each) for each in standing]),
        Twin(local_time.day_number, ("zone", "dayNumber"), [_on(local_time.day_number, *at, h) for at, h in days]),
        Twin(local_time.day_start_s, ("zone", "dayStartS"), [_on(local_time.day_start_s, *at, h) for at, h in days]),
        Twin(local_time.day_begin_s, ("zone", "dayBeginS"), [_on(local_time.day_begin_s, *each) for each in numbers]),
        Twin(
            local_time.bar_start_s,
            ("zone", "barStartS"),
            [_bar(*at, width, h, day) for at, width, h in bars for day in (0, 6)],
        ),
    ]


def _at(function: Callable[..., float], at: float, zone: ZoneInfo) -> tuple[list[Any], float]:
    return [at, zone.key], function(at, zone)


def _on(function: Callable[..., float], at: float, zone: ZoneInfo, starts_h: int) -> tuple[list[Any], float]:
    return [at, zone.key, starts_h], function(at, zone=zone, starts_h=starts_h)


def _bar(at: float, zone: ZoneInfo, width_s: int, starts_h: int, weekday: int) -> tuple[list[Any], float]:
    begin = local_time.bar_start_s(at, width_s=width_s, zone=zone, starts_h=starts_h, weekday=weekday)
    return [at, width_s, zone.key, starts_h, weekday], begin


def _counters() -> list[Twin]:
    """Return examples of a counter in buckets that rises, restarts in a bucket, or between two."""
    steps = list(product((0.0, 1.5, 4.0), (0.0, 0.5, 4.0, 7.0)))
    cases: list[tuple[list[float | None], ...]] = [
        ([1.0, 1.4, 2.0], [1.0, 1.2, 2.0], [1.0, 1.4, 2.0]),
        ([1.0, 0.5, 0.7], [0.8, 0.2, 0.6], [1.0, 3.0, 0.7]),
        ([3.0, 0.5], [3.0, 0.5], [3.0, 0.5]),
        ([3.0, 1.0, 2.0], [2.0, 1.0, 0.0], [3.0, 3.0, 2.0]),
    ]
    grown = [
        ([{"value": value, "low": low, "high": high}], _rounded(counters.growth(Column(value, low, high))))
        for value, low, high in cases
    ]
    return [
        Twin(counters.growth, ("bar-sums", "growth"), grown),
        Twin(
            rollup.step, ("series", "step"), [([before, after], rollup.step(before, after)) for before, after in steps]
        ),
    ]


def _rounded(values: Iterable[float | None]) -> list[float | None]:
    return [None if each is None else round(each, 9) for each in values]

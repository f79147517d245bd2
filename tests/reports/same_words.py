"""Examples of words that the server and the page's scripts must write alike, with the server's results.

They are in `tests/js/same.json`, and in `same.de.json` what German writes otherwise; `make same` writes the files, and
`test_same_words.py` fails while they are outdated.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import translation

from sensorfusion.domain.quantities import CATALOGUE, quantity
from sensorfusion.domain.quantities.settings import QuantitySettings
from sensorfusion.reports import words
from sensorfusion.reports.charts import axes
from sensorfusion.reports.charts.axes import value_scale
from sensorfusion.reports.charts.cards import amount_words, bounds_words, direction_words
from sensorfusion.reports.charts.spans import IN_WORDS, RANGES, RangeName
from sensorfusion.reports.script_tables import tables
from sensorfusion.reports.sentences import SENTENCES, Told, sentence
from sensorfusion.reports.sparkline import Step, spark
from sensorfusion.web.values.clock import WEEKDAYS, WEEKS, Habits, read_by
from sensorfusion.web.values.display import Display, display, table
from sensorfusion.web.values.presentation import AS_USUAL, Presentation
from tests.domain.hard_zones import ZONES
from tests.reports import same_spans
from tests.reports.same_formulas import NOW, formulas

FILES: Final = {
    "en": Path(__file__).parents[1] / "js" / "same.json",
    "de": Path(__file__).parents[1] / "js" / "same.de.json",
}
FILE: Final = FILES["en"]
ZONE: Final = "Europe/Warsaw"
SPANS: Final[tuple[RangeName, ...]] = ("24h", "1y")
SYSTEMS: Final = ("metric", "uk", "us", "scientific", "metric-bft")
NAMES: Final = (
    "temperature",
    "humidity",
    "sea_level_pressure",
    "wind_speed",
    "rain",
    "rain_rate",
    "visibility",
    "uv_index",
    "dew_point",
    "soil_moisture",
    "feels_like",
)
TIMES: Final = [NOW + month * 2_629_800 for month in range(12)] + [1_774_746_000, 1_792_890_000]
FLAT: Final = [(NOW - 900 * back, 10.0) for back in range(16, 0, -1)]
RISING: Final = [(NOW - 900 * back, 1000.0 - back / 8) for back in range(16, 0, -1)]
# A steady 2.4 in an hour, observed every 7 minutes.
RAMP: Final = [(NOW - 420 * back, round(14.4 - 2.4 * 420 * back / 3600, 6)) for back in range(30, -1, -1)]
SPARSE: Final = [(NOW - 86400, 3.0), (NOW - 3600, 4.25)]
TOLD: Final[list[dict[str, Any]]] = [
    {"name": "humidity", "values": {"humidity": 50, "temperature": 20}},
    {"name": "humidity", "values": {"humidity": 50, "temperature": -20.5}},
    {"name": "humidity", "values": {"humidity": 13, "dew_point": 5}, "steps": FLAT},
    {"name": "humidity", "values": {"humidity": 10.4, "dew_point": 5}, "steps": FLAT},
    {"name": "humidity", "values": {"humidity": 50, "temperature": 20}, "is_current": False},
    {"name": "dew_point", "values": {"dew_point": 10}},
    {"name": "sea_level_pressure", "values": {"sea_level_pressure": 1000}, "steps": RISING},
    {"name": "sea_level_pressure", "values": {"sea_level_pressure": 993.9}, "steps": RISING},
    {"name": "pressure", "values": {"pressure": 10.2}, "steps": FLAT},
    {"name": "pressure", "values": {"pressure": 10.2}, "steps": SPARSE},
    {"name": "rain", "values": {"rain": 0.2, "rain_rate": 2.4}, "steps": FLAT},
    {"name": "rain", "values": {"rain": 0, "rain_rate": 0}, "steps": FLAT, "wet_at": NOW - 7000},
    {"name": "rain", "values": {"rain": 0}, "steps": FLAT, "wet_at": NOW - 86400},
    {"name": "rain_day", "values": {"rain_day": 0}, "steps": FLAT},
    {"name": "rain_day", "values": {"rain_day": 0}},
    {"name": "solar_radiation", "values": {"solar_radiation": 300, "uv_index": 2.5}, "altitude": 30},
    {"name": "solar_radiation", "values": {"solar_radiation": 300, "uv_index": 0.4}, "altitude": 30},
    {"name": "solar_radiation", "values": {"solar_radiation": 3000}, "altitude": 30},
    {"name": "solar_radiation", "values": {"solar_radiation": 300}, "altitude": 30, "is_current": False},
    {"name": "solar_radiation", "values": {"solar_radiation": 8}, "altitude": 9.5, "steps": FLAT},
    {"name": "solar_radiation", "values": {"solar_radiation": 0}, "altitude": -1},
    {"name": "solar_radiation", "values": {"solar_radiation": 10}, "steps": FLAT},
    {"name": "uv_index", "values": {"uv_index": 7.5}},
    {"name": "soil_temperature", "values": {"soil_temperature": 9, "soil_moisture": 31.5}},
    {"name": "soil_temperature", "values": {"soil_temperature": 12.25}, "steps": SPARSE},
    {"name": "visibility", "values": {"visibility": 9000}, "steps": FLAT},
    {"name": "co2", "values": {"co2": 8}, "steps": FLAT},
    {"name": "co2", "values": {"co2": 8}, "steps": FLAT, "hours": RAMP},
    {"name": "co2", "values": {"co2": 8}, "hours": [(NOW - 3400, 3.0)]},
    {"name": "co2", "values": {"co2": 8}, "hours": [(NOW - 7000, 3.0), (NOW - 2900, 3.0), (NOW, 8.0)]},
    {"name": "temperature", "values": {"temperature": 14.4}, "hours": RAMP},
    {"name": "temperature", "values": {"temperature": 14.4}, "hours": [*RAMP[:20], (NOW, 14.4)]},
    {"name": "co2", "values": {"co2": 8}, "steps": SPARSE[:1]},
]
SCALES: Final = [
    ("temperature", 9.3, 19.0, False, 0.0),
    ("temperature", 18.0, 18.0, False, 0.0),
    ("temperature", -36.2, 36.7, False, 0.0),
    ("sea_level_pressure", 1024.4, 1025.1, False, 0.0),
    ("wind_speed", 0.0, 4.6, True, 0.22),
    ("rain", 0.0, 0.0, True, 0.0),
    ("rain", 0.0, 93.5, True, 0.0),
    ("current", 0.0, 1.85e-5, False, 0.0),
    ("current", 0.02, 1.2, False, 0.0),
    ("power", 200.0, 12500.0, False, 0.0),
    ("tiny", 0.0, 6e-5, False, 0.0),
    ("tiny", 1.5e-7, 1.6e-7, False, 0.0),
    ("tiny", 0.0, 0.0, False, 0.0),
    ("big", -98765.43, 123456838.0, False, 0.0),
    ("visitors_count", 3.0, 14.0, False, 0.0),
]
# Marks where the numbers of Beaufort begin: in a breeze, and in a storm without those that are too near.
SCALES_OF_STEPS: Final[list[tuple[str, float, float, bool, float, str]]] = [
    ("wind_speed", 0.0, high, from_zero, 0.2, "metric-bft")
    for high in (0.0, 1.2, 4.6, 9.0, 27.5, 45.0)
    for from_zero in (True, False)
]
LINES: Final[list[dict[str, Any]]] = [
    {"name": "temperature", "steps": [[NOW - 900 * back, back % 7 / 2] for back in range(33, -1, -1)]},
    {"name": "temperature", "steps": [[NOW - 60, 4.0]]},
    {"name": "temperature", "steps": [[NOW - 900 * back, 4.0] for back in (90, 89, 88, 60, 59, 58, 2, 1)]},
    {"name": "rain", "steps": [[NOW - 900 * back, back % 3 / 10] for back in range(20, 0, -1)]},
    {"name": "rain", "steps": [[NOW - 900 * back, 0.0] for back in range(20, 0, -1)]},
    {"name": "humidity", "steps": []},
]


def answers() -> dict[str, Any]:
    """Return the examples and the server's results in the format of the file."""
    return {
        "tables": tables(),
        "formulas": formulas(),
        "units": {system: _units(CATALOGUE if system == "metric" else _in_examples(), system) for system in SYSTEMS},
        "numbers": [_written(name, system) for name, system in product(NAMES, SYSTEMS)],
        "of": _OF,
        "of_any_size": [_of_any_size(each) for each in _DISPLAYS],
        "has_sentence": sorted(SENTENCES),
        "sentences": [
            *(_said(example, system) for example, system in product(TOLD, ("metric", "us"))),
            *(_said(example, "metric") for example in _of_each()),
        ],
        "charts": [*_bounded(), *_summed(), *_directed()],
        "times": [_told(*each) for each in product(ZONES, TIMES, (0, 3600, 86400))],
        "scales": [_scaled(*each) for each in SCALES] + [_scaled(*each) for each in SCALES_OF_STEPS],
        "lines": [_drawn(**example) for example in LINES],
        "weeks": [_in_weeks(*each) for each in product(ZONES, WEEKS, TIMES[:2])],
        "spans": same_spans.told(),
    }


# Of formulas, what has words, and of numbers a few: they differ from the English ones in their separators only.
IN_WORDS_OF: Final = (
    *("derived", "wind", "wind-words", "format", "station-words", "overview-words", "resolution", "band-words"),
)
FEW: Final = 6


def answers_in_words() -> dict[str, Any]:
    """Return the examples that languages differ in, in the active language and in the format of `answers`."""
    written = formulas()
    return {
        "tables": tables(),
        "formulas": {module: written[module] for module in IN_WORDS_OF},
        "units": {system: _units(CATALOGUE if system == "metric" else _in_examples(), system) for system in SYSTEMS},
        "numbers": [_written(name, system) for name, system in product(NAMES, SYSTEMS)],
        "of": _OF,
        "of_any_size": [_of_any_size(each) for each in _DISPLAYS[:FEW]],
        "sentences": [_said(example, system) for example, system in product(TOLD, ("metric", "us"))],
        "charts": [*_bounded(), *_summed(), *_directed()],
        "times": [_told(*each) for each in product(ZONES[:FEW], TIMES, (0, 86400))],
        "scales": [_scaled(*each) for each in SCALES] + [_scaled(*each) for each in SCALES_OF_STEPS],
    }


def _units(names: Iterable[str], system: str) -> dict[str, Any]:
    return table((name, display(name, system)) for name in names)


def _in_examples() -> list[str]:
    return sorted({*NAMES, *(example["name"] for example in TOLD)})


def _of_each() -> list[dict[str, Any]]:
    """Return an example for every numeric quantity, so that each is covered on both sides."""
    numbers = [name for name, entry in CATALOGUE.items() if entry.kind == "number"]
    return [{"name": name, "values": {name: 12.5}, "steps": FLAT[-5:]} for name in numbers]


def _written(name: str, system: str) -> dict[str, Any]:
    shown, values = display(name, system), (-40, -0.04, 0, 0.05, 0.25, 12.25, 12.5, 82.5, 1013.25, 16093)
    return {
        "name": name,
        "system": system,
        "values": values,
        "text": [shown.text(each) for each in values],
        "short": [shown.short(each) for each in values],
        "difference": [shown.difference(each) for each in values],
        "size": [shown.size(each) for each in values],
    }


_OWN: Final = Presentation(
    units={"flow": "L/min", "leakage": "uA", "boiler": "[degF]"},
    settings={
        "temperature": QuantitySettings(unit="[degF]"),
        "pressure": QuantitySettings(unit="mm[Hg]", decimals=2),
        "wind_speed": QuantitySettings(unit="km/h"),
        "power": QuantitySettings(unit="kW", decimals=3),
        "current": QuantitySettings(digits=2),
        "weight": QuantitySettings(unit="kg", decimals=0),
        "visitors": QuantitySettings(digits=3),
    },
)
# Every way to show numbers: of the catalogue, of the owner, of the sender, by words in names, of nothing at all.
_DISPLAYS: Final = (
    *(AS_USUAL.display(name, system) for name, system in product(("power", "current", "level"), ("metric", "us"))),
    *(AS_USUAL.display(name, "us") for name in ("freezer_temperature", "boiler_temperature_f", "tank.co2", "x_count")),
    *(AS_USUAL.display(name, "metric") for name in ("tiny", "compressor_current", "main_power_kw", "energy")),
    *(_OWN.display(name, "metric") for name in (*_OWN.units, *_OWN.settings)),
)
_OF: Final = 230.04  # a value beside which differences are told
_SIZES: Final = (
    *(0.0, 1.5e-7, 1.85e-5, 6e-5, 1e-4, 0.00096, 0.05, 0.25, 0.5, 0.9996, 1.0, 9.9996, 21.0, 99.95, 230.04, 999.95),
    *(999.96, 1000.0, 1840.0, 9999.5, 12345.0, 98765.43, 123456838.0, 1e9, 1.234e12, 1e15, 2.5e18, 1e21, 5e-16, 1e-20),
)


def _of_any_size(shown: Display) -> dict[str, Any]:
    values = [*_SIZES, *(-each for each in _SIZES)]
    return {
        "unit": table([("x", shown)])["x"],
        "values": values,
        "text": [shown.text(each) for each in values],
        "number": [shown.number(each) for each in values],
        "difference": [shown.difference(each, of=_OF) for each in values],
        "size": [shown.size(each) for each in values],
        "step": [shown.step(each) for each in values],
    }


def _said(example: dict[str, Any], system: str) -> dict[str, Any]:
    given = {"steps": [], "altitude": None, "wet_at": None, "is_current": True, **example}
    given = {"hours": given["steps"], **given}
    name = given.pop("name")
    told = Told(at=NOW, now=NOW, zone=ZoneInfo(ZONE), system=system, **given)
    given["is_mean"] = quantity(name).combine == "mean"
    return {"name": name, "system": system, **given, "says": sentence(name, told)}


def _bounded() -> list[dict[str, Any]]:
    bounds = (None, (-8.4, 32.7), (0.04, 0.04), (-0.04, 1013.25), (500, 2300), (0.5, 0.5), (1.5e-5, 0.7))
    return [
        {
            "system": system,
            "quantity": name,
            "words": IN_WORDS[span],
            "bounds": each,
            "now": now,
            "says": bounds_words(each, IN_WORDS[span], display(name, system), now=now),
        }
        for name, system in [
            *product(("temperature", "visibility", "humidity"), ("metric", "us")),
            ("power", "metric"),
            ("wind_speed", "metric-bft"),
        ]
        for span, each, now in product(SPANS, bounds, (None, 12.25))
    ]


def _summed() -> list[dict[str, Any]]:
    return [
        {"system": system, "quantity": "rain", "words": IN_WORDS[span], "amounts": each, "says": said}
        for system, span, each in product(("metric", "us"), RANGES, ([], [0.0, 0.0], [0.2, 0.0, 3.1]))
        for said in [amount_words(each, IN_WORDS[span], display("rain", system))]
    ]


def _directed() -> list[dict[str, Any]]:
    return [
        {"system": "metric", "quantity": "wind_direction", "words": words, "has_any": has_any, "now": now, "says": said}
        for words, has_any, now in product(map(IN_WORDS.get, SPANS), (True, False), (None, 0.0, 271.0))
        for said in [direction_words(has_any, words or "", now=now)]
    ]


def _told(name: str, at: int, later_s: int) -> dict[str, Any]:
    zone = ZoneInfo(name)
    local, now = (datetime.fromtimestamp(each, zone) for each in (at, at + later_s))
    said = {
        "time": words.clock(local),
        "day": words.day(local),
        "date": words.date(local),
        "since": words.since(local, now=now),
    }
    with read_by(lambda: Habits("12")):
        said_12 = {"time": words.clock(local), "since": words.since(local, now=now)}
    return {"zone": name, "at": at, "now": at + later_s, "said_12": said_12, **said}


def _scaled(
    name: str, low: float, high: float, from_zero: bool, strip: float, system: str = "metric"
) -> dict[str, Any]:
    shown = AS_USUAL.display(name, system)
    scale = value_scale(low, high, shown, from_zero=from_zero, strip=strip)
    given = {"values": [low, high], "startsAtZero": from_zero, "unit": table([(name, shown)])[name], "strip": strip}
    labels = [mark.label for mark in scale.marks]
    return {**given, "low": scale.low, "high": scale.high, "labels": labels}


def _in_weeks(name: str, week: str, at: float) -> dict[str, Any]:
    """Return the instants at which a month's weeks begin."""
    end = datetime.fromtimestamp(at, ZoneInfo(name))
    with read_by(lambda: Habits(week=week)):
        marks = axes._weeks(end - RANGES["30d"], end)
    begun = (end - RANGES["30d"]).timestamp()
    return {
        "zone": name,
        "weekday": WEEKDAYS[week],
        "from": begun,
        "to": at,
        "at": [each.timestamp() for each in marks],
    }


def _drawn(name: str, steps: list[list[float]]) -> dict[str, Any]:
    made = spark(name, [Step(*each) for each in steps], now=datetime.fromtimestamp(NOW, UTC), step_s=900)
    drawing = {"line": made.line, "area": made.area}
    return {
        "from": made.start,
        "to": made.end,
        "step": made.step,
        "least": made.least,
        "points": made.points,
        "combine": quantity(name).combine,
        **drawing,
    }


def text(language: str = "en") -> str:
    """Return the expected contents of a language's file."""
    with translation.override(language):
        found = answers() if language == "en" else answers_in_words()
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"

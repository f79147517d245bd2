"""The sentence of a tile: the trend of its number, or its meaning.

The page's script updates it as readings arrive (`sentences.js`); the examples in `tests/js/same.json` keep the two
equal.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather import derived, sun
from sensorfusion.reports import words
from sensorfusion.web.values.display import Display, fixed
from sensorfusion.web.values.presentation import AS_USUAL, Presentation

# Shares of a time: the longest step between two readings to interpolate, and how far one may be from it.
BETWEEN, NEAR = 2 / 3, 1 / 6
HOUR_S: Final = 3600
DAY_S: Final = 86400


@dataclass(frozen=True, slots=True)
class Told:
    """The inputs of a sentence; instants are epoch seconds.

    `values`: the sensor's newest numbers, canonical. `steps`: the quantity's last day as in its sparkline. `hours`: its
    readings of the last hours. `at`: when its newest value was observed. `wet_at`: when rain last fell.
    """

    values: Mapping[str, float]
    steps: Sequence[tuple[float, float]]
    hours: Sequence[tuple[float, float]]
    at: float
    now: float
    zone: ZoneInfo
    system: str = "metric"
    presentation: Presentation = AS_USUAL
    altitude: float | None = None  # of the sun
    wet_at: float | None = None
    is_current: bool = True  # whether the quantity's own value may be combined with others, and with the present sun

    def display(self, name: str) -> Display:
        return self.presentation.display(name, self.system)


def sentence(name: str, told: Told) -> str:
    """Return the sentence, empty if there is none."""
    say = SENTENCES.get(name)
    return (say(name, told) if say else "") or _moved(name, told)


def change(name: str, told: Told, back_s: float) -> float | None:
    """Return the change of a number within `back_s` seconds: the difference from the value at that time.

    That value is interpolated between two readings that are near each other, else estimated from a reading near it.
    """
    value, wanted = told.values.get(name), told.at - back_s
    if value is None:
        return None
    place = bisect_right(told.hours, wanted, key=itemgetter(0))
    around = told.hours[max(0, place - 1) : place + 1]
    if len(around) == 2 and around[1][0] - around[0][0] <= back_s * BETWEEN:
        (t, before), (until, after) = around
        return value - before - (after - before) * (wanted - t) / (until - t)
    t, before = min(around, key=lambda each: abs(each[0] - wanted), default=(-math.inf, 0.0))
    return (value - before) * back_s / (told.at - t) if abs(t - wanted) <= back_s * NEAR else None


def memory_s(name: str) -> float:
    """Return for how long readings of a quantity matter to its sentence."""
    back_s = 3 * HOUR_S if SENTENCES.get(name) is _pressure else HOUR_S
    return back_s * (1 + BETWEEN)


def _moved(name: str, told: Told) -> str:
    by = change(name, told, HOUR_S)
    if by is None or quantity(name).combine != "mean":
        return ""
    shown = told.display(name)
    if shown.is_nothing(by, of=told.values[name]):
        return pgettext("change", "steady")
    return gettext("{change} in 1\u00a0h").format(change=f"{'▲' if by > 0 else '▼'} {shown.size(by)}")


def _pressure(name: str, told: Told) -> str:
    by = change(name, told, 3 * HOUR_S)
    if by is None:
        return ""
    tendency = f"{_arrow(by)}{gettext(derived.tendency_word(change_3h=by))}"
    difference = told.display(name).difference(by, of=told.values[name])
    return gettext("{tendency}, {change} per 3\u00a0h").format(tendency=tendency, change=difference)


def _arrow(change_3h: float) -> str:
    """Return the arrow of a pressure that is not steady."""
    if not derived.WORDS["rising"].place(abs(change_3h)):
        return ""
    return "▲ " if change_3h > 0 else "▼ "


def _rain(name: str, told: Told) -> str:
    rate = told.values.get("rain_rate")
    if rate:
        return gettext("{rate} now").format(rate=told.display("rain_rate").text(rate))
    if told.wet_at is not None and told.now - told.wet_at < DAY_S:
        at, now = (datetime.fromtimestamp(each, told.zone) for each in (told.wet_at, told.now))
        since = words.since(at, now=now)
        if at.date() != now.date():
            return gettext("last rain {day_and_time}").format(day_and_time=since)
        return gettext("last rain at {time}").format(time=since)
    return gettext("dry for 24\u00a0h") if told.steps else ""


def _solar(name: str, told: Told) -> str:
    uv = told.values.get("uv_index")
    if uv is not None and uv >= 0.5:
        index = told.display("uv_index").number(uv)
        return gettext("UV {index}, {word}").format(index=index, word=gettext(derived.uv_word(uv_index=uv)))
    if told.altitude is None:
        return ""
    if told.altitude <= 0:
        return gettext("the sun is down")
    value = told.values.get(name)
    if not value or not told.is_current or told.altitude <= sun.OVERCAST_ABOVE:
        return ""
    share = fixed(min(value / sun.clear_sky_radiation(told.altitude), 1) * 100, 0)
    return gettext("{share}\u00a0% of a clear sky").format(share=share)


def _dew_point(name: str, told: Told) -> str:
    value = told.values.get(name)
    return "" if value is None else gettext(derived.comfort_word(dew_point=value))


def _humidity(name: str, told: Told) -> str:
    if "dew_point" in told.values or not told.is_current:
        return ""
    dew = derived.dew_point(temperature=told.values.get("temperature"), humidity=told.values.get(name))
    return "" if dew is None else gettext("dew point {value}").format(value=told.display("dew_point").short(dew))


def _soil(name: str, told: Told) -> str:
    value, shown = told.values.get("soil_moisture"), told.display("soil_moisture")
    return "" if value is None else gettext("moisture {value}").format(value=shown.text(value))


def _uv(name: str, told: Told) -> str:
    value = told.values.get(name)
    return "" if value is None else gettext(derived.uv_word(uv_index=value))


SENTENCES: Final[dict[str, Callable[[str, Told], str]]] = {
    "dew_point": _dew_point,
    "humidity": _humidity,
    "pressure": _pressure,
    "rain": _rain,
    "rain_day": _rain,
    "sea_level_pressure": _pressure,
    "soil_temperature": _soil,
    "solar_radiation": _solar,
    "uv_index": _uv,
}

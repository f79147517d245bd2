"""Synthetic weather: plausible, reproducible from a seed, and fast to generate.

Every sensor has its own climate: yearly and daily waves, days that are warmer or windier than their neighbours, noise
within the resolution of instruments, and showers counted by a rain gauge that is reset now and then. A day's weather
depends only on (seed, sensor, day), except for the rain gauge, which continues from the day before.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

DAY_S: Final = 86_400
# In the order of `Station._values`; the formats are the resolution of such instruments.
FORMATS: Final = {
    "temperature": "%.2f",
    "humidity": "%.0f",
    "pressure": "%.1f",
    "dew_point": "%.1f",
    "wind_speed": "%.1f",
    "wind_gust": "%.1f",
    "wind_direction": "%.0f",
    "rain_total": "%.1f",
    "solar_radiation": "%.0f",
    "uv_index": "%.1f",
    "soil_temperature": "%.1f",
    "soil_moisture": "%.0f",
    "battery_voltage": "%.2f",
}
TIP_MM: Final = 0.2  # rain per tip of the gauge
GAP_SHARE: Final = 0.04  # share of days with a gap
LATE_SHARE: Final = 0.5  # share of gaps whose readings are sent late
RESET_SHARE: Final = 1 / 90  # share of days on which the rain counter is reset
_NOISE: Final = 4096


class Sample(NamedTuple):
    """One reading: the times of observation and arrival in epoch seconds, and its values as JSON."""

    observed_s: int
    received_s: int
    values: str


@dataclass(frozen=True, slots=True)
class _Day:
    """The random parameters of one day of a sensor."""

    mean: float
    swing: float
    pressure: tuple[float, float]
    wind: float
    direction: float
    clouds: float
    shower: tuple[int, int]  # seconds of the day
    tips_every_s: int
    is_reset: bool
    silence: tuple[int, int]
    is_late: bool


class Station:
    """The weather of one sensor."""

    def __init__(self, *, seed: int, number: int, every_s: int, quantities: int) -> None:
        self._seed = f"{seed}/{number}"
        self._every_s = every_s
        chance = random.Random(self._seed)
        self._warmth, self._wave_c = chance.uniform(4, 14), chance.uniform(8, 13)
        self._noise = [chance.gauss(0, 1) for _ in range(_NOISE)]
        names = list(FORMATS)[:quantities]
        self._count = quantities
        self._format = "{" + ",".join(f'"{name}":{FORMATS[name]}' for name in names) + "}"
        phases = [second / DAY_S for second in range(0, DAY_S, every_s)]
        # Warmest at three in the afternoon; daylight from six to six, exact only twice a year but good enough.
        self._heat = [math.cos(2 * math.pi * (phase - 15 / 24)) for phase in phases]
        self._light = [max(0.0, -math.cos(2 * math.pi * phase)) for phase in phases]
        self._rain_mm = 0.0

    def day(self, start: datetime) -> list[Sample]:
        """Generate the readings of the day that begins at `start` (UTC), in order of arrival."""
        day = self._day(start)
        epoch = int(start.timestamp())
        silent_from, silent_until = day.silence
        if day.is_reset:
            self._rain_mm = 0.0
        heard: list[Sample] = []
        kept: list[Sample] = []
        for place, values in enumerate(self._values(day, epoch)):
            second = place * self._every_s
            at = epoch + second
            if not silent_from <= second < silent_until:
                if kept:
                    heard += [sample._replace(received_s=at) for sample in kept]
                    kept.clear()
                heard.append(Sample(at, at + 1, self._format % values[: self._count]))
            elif day.is_late:
                kept.append(Sample(at, 0, self._format % values[: self._count]))
        return heard

    def _day(self, start: datetime) -> _Day:
        number = start.toordinal()
        of_day, of_next = random.Random(f"{self._seed}/{number}"), random.Random(f"{self._seed}/{number + 1}")
        pressure = (1013 + 9 * of_day.gauss(0, 1), 1013 + 9 * of_next.gauss(0, 1))
        season = -math.cos(2 * math.pi * (start.timetuple().tm_yday - 15) / 365.25)
        clouds = of_day.random()
        shower_s = int(of_day.uniform(0.2, 0.9) * DAY_S)
        is_wet = clouds > 0.65
        silence = (0, 0)
        if of_day.random() < GAP_SHARE:
            begin = int(of_day.uniform(0.05, 0.6) * DAY_S)
            silence = (begin, begin + int(of_day.uniform(600, 0.3 * DAY_S)))
        return _Day(
            mean=self._warmth + self._wave_c * season + 3 * of_day.gauss(0, 1),
            swing=(2 + 5 * (1 - clouds)) * (1.2 + season) / 2,
            pressure=pressure,
            wind=abs(of_day.gauss(3, 2)),
            direction=of_day.uniform(0, 360),
            clouds=clouds,
            shower=(shower_s, shower_s + int(of_day.uniform(900, 0.25 * DAY_S))) if is_wet else (0, 0),
            tips_every_s=of_day.randrange(120, 1200),
            is_reset=of_day.random() < RESET_SHARE,
            silence=silence,
            is_late=of_day.random() < LATE_SHARE,
        )

    def _values(self, day: _Day, epoch: int) -> Iterator[tuple[float, ...]]:
        """Yield the values of every instant of a day; one loop without calls, because there are millions."""
        noise, every_s = self._noise, self._every_s
        rain_from, rain_until = day.shower
        pressure, rise = day.pressure[0], (day.pressure[1] - day.pressure[0]) / DAY_S
        sun = 950 * (1 - 0.8 * day.clouds)
        place = epoch // every_s
        for second, heat, light in zip(range(0, DAY_S, every_s), self._heat, self._light, strict=True):
            one, other = noise[(place * 7) % _NOISE], noise[(place * 13 + 5) % _NOISE]
            place += 1
            warmer = day.swing * heat + 0.15 * one
            temperature = day.mean + warmer
            humidity = min(100.0, max(12.0, 72 + 20 * (day.clouds - 0.5) - 3.2 * warmer + other))
            wind = max(0.0, day.wind * (0.8 + 0.4 * heat) + 0.5 * other)
            radiation = max(0.0, sun * light + 6 * one * light)
            if rain_from <= second < rain_until and second % day.tips_every_s < every_s:
                self._rain_mm += TIP_MM
            yield (
                temperature,
                humidity,
                pressure + rise * second + 0.05 * other,
                temperature - (100 - humidity) / 5,
                wind,
                wind * 1.4 + abs(one),
                (day.direction + 12 * one + second / 480) % 359.4,
                self._rain_mm,
                radiation,
                radiation / 110,
                day.mean + 0.4 * warmer,
                35 + 10 * day.clouds,
                3.3 + 0.4 * light,
            )


def days(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the starts of the UTC days that [start, end) overlaps."""
    day = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < end:
        yield day
        day += timedelta(days=1)


def in_order(of_stations: Sequence[list[Sample]]) -> Iterator[tuple[int, Sample]]:
    """Yield the samples of one day in order of arrival, each with the index of its station."""
    mixed = [(sample.received_s, place, sample) for place, samples in enumerate(of_stations) for sample in samples]
    mixed.sort(key=_received)  # stable: samples that a station sent together stay in order
    return ((place, sample) for _, place, sample in mixed)


def _received(each: tuple[int, int, Sample]) -> int:
    return each[0]

"""The climatological summary of a year as text, in the columns of NOAA's classic form (see `noaa`)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from sensorfusion.documents.figures import day_of, value_of
from sensorfusion.documents.noaa import NONE, Place, Units, cells_of, direction, header, rain, wind
from sensorfusion.documents.year_figures import Part, counted

_TEMPERATURE: Final = [
    "                              HEAT    COOL                              MAX    MAX    MIN    MIN",
    "          MEAN   MEAN         DEG     DEG                                >=     <=     <=     <=",
]
_WIDTHS: Final = [7, 7, 7, 7, 7, 8, 5, 8, 5, 7, 7, 7, 7]
Day = Callable[[date | None], str]


def year_text(months: Sequence[Part], year: Part, place: Place, units: Units) -> str:
    """Write the three tables of a year."""
    lines = [
        f"{'':21}CLIMATOLOGICAL SUMMARY for year {year.period.first.year}",
        *header(place, units),
        *_temperatures(months, year, units),
        "",
        "",
        *_rains(months, year, units),
        "",
        "",
        *_winds(months, year, units),
    ]
    return "\n".join(lines) + "\n"


def _temperatures(months: Sequence[Part], year: Part, units: Units) -> list[str]:
    limits = f"{units.hot:>6} {units.freezing:>6} {units.freezing:>6} {units.bitter:>6}"
    return [
        f"{'':39}TEMPERATURE ({units.temperature[2]})",
        "",
        *_TEMPERATURE,
        f" YR  MO   MAX    MIN    MEAN  DAYS    DAYS      HI  DAY     LOW  DAY {limits}",
        *_table(months, year, 96, lambda part, day: cells_of(_temperature(part, units, day), _WIDTHS)),
    ]


def _temperature(part: Part, units: Units, day: Day) -> list[str]:
    factor, offset, _ = units.temperature

    def shown(value: float | None) -> str:
        return NONE if value is None else f"{value * factor + offset:.1f}".replace("-0.0", "0.0")

    def degrees(value: float | None) -> str:
        return NONE if value is None else f"{value * factor:.1f}"

    highs = [value * factor + offset for value in part.highs]
    lows = [value * factor + offset for value in part.lows]
    return [
        *(shown(value) for value in (part.mean_high, part.mean_low, part.mean)),
        *(degrees(value) for value in (part.heating, part.cooling)),
        shown(value_of(part.high)),
        day(day_of(part.high)),
        shown(value_of(part.low)),
        day(day_of(part.low)),
        str(counted(highs, lambda value: value >= units.hot)),
        str(counted(highs, lambda value: value <= units.freezing)),
        str(counted(lows, lambda value: value <= units.freezing)),
        str(counted(lows, lambda value: value <= units.bitter)),
    ]


def _rains(months: Sequence[Part], year: Part, units: Units) -> list[str]:
    def row(part: Part, day: Day) -> str:
        amounts = [round(value * units.rain[0], 6) for value in part.rains]
        over = [str(sum(amount >= limit for amount in amounts)) for limit in units.wet]
        wettest = part.wettest
        cells = [rain(part.rain, units), rain(value_of(wettest), units), day(day_of(wettest)), *over]
        return cells_of(cells, [7, 7, 6, 7, 7, 7])

    return [
        f"{'':18}PRECIPITATION ({units.rain[1]})",
        "",
        "                  MAX         ---DAYS OF RAIN---",
        "                  OBS.               OVER",
        f" YR  MO  TOTAL    DAY  DATE{''.join(f'{limit:7.2f}' for limit in units.wet)}",
        *_table(months, year, 48, row),
    ]


def _winds(months: Sequence[Part], year: Part, units: Units) -> list[str]:
    def row(part: Part, day: Day) -> str:
        top = part.top
        return cells_of(
            [wind(part.wind, units), wind(value_of(top), units), day(day_of(top)), direction(part.direction)]
        )

    return [
        f"{'':11}WIND SPEED ({units.wind[1]})",
        "",
        "                                DOM",
        " YR  MO    AVG     HI   DATE    DIR",
        *_table(months, year, 35, row),
    ]


def _table(months: Sequence[Part], year: Part, width: int, row: Callable[[Part, Day], str]) -> list[str]:
    return [
        "-" * width,
        *(f"{part.period.first:%Y %m}{row(part, _number) if part.has_readings else ''}" for part in months),
        "-" * width,
        f"{'':7}{row(year, _month)}",
    ]


def _number(day: date | None) -> str:
    return NONE if day is None else f"{day.day:02}"


def _month(day: date | None) -> str:
    return NONE if day is None else f"{day:%b}"

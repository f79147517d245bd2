"""The climate diagram after Walter and Lieth: 10 °C stand as high as 20 mm of rain, and above 100 mm as 200 mm.

Where the rain is above the temperature the month is humid, below it arid. In the south the year begins in July, so that
summer is in the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from sensorfusion.documents.drawing import Label
from sensorfusion.documents.year_figures import Part
from sensorfusion.reports.geometry import Box, number
from sensorfusion.web.values import dates

HEIGHT: Final = 200
WIDTH: Final = 480
HUMID_MM: Final = 100.0  # above it the scale is a tenth
STEPS: Final = 12  # strokes a month


@dataclass(frozen=True, slots=True)
class ClimateDiagram:
    """Path data in a box of 480 by 200; `frost` are the months with a mean low below 0 °C, and those with any frost."""

    temperature: str
    rain: str
    humid: str
    arid: str
    zero: str
    left: list[Label]
    right: list[Label]
    months: list[Label]
    frost: list[tuple[str, str]]
    sentence: str
    width: int = WIDTH
    height: int = HEIGHT


def climate_diagram(months: Sequence[Part], *, is_southern: bool) -> ClimateDiagram | None:
    """Draw the months of a year; None unless all twelve have temperature and rain."""
    order = [*months[6:], *months[:6]] if is_southern else list(months)
    known = [(part.mean, part.rain) for part in order if part.mean is not None and part.rain is not None]
    if len(known) < 12 or any(part.is_partial and part.days < 20 for part in order):
        return None
    warmth, rain = [mean for mean, _ in known], [scaled(fell) for _, fell in known]
    low = min(0.0, *(10 * (value // 10) for value in warmth))
    high = max(50.0, *rain, *warmth) + 5
    box = Box(0, 12, low, high, WIDTH, HEIGHT)
    humid, arid = _strokes(warmth, rain, box)
    marks = list(range(int(low), 51, 10))
    arid_months = sum(fell < mean for mean, fell in zip(warmth, rain, strict=True))
    return ClimateDiagram(
        _line(warmth, box),
        _line(rain, box),
        humid,
        arid,
        number(box.y(0)),
        [Label("-7", number(box.y(mark) + 4), f"{mark}".replace("-", "\N{MINUS SIGN}")) for mark in marks],
        [Label("", number(box.y(mark) + 4), f"{mark * 2}") for mark in marks if mark >= 0],
        [
            Label(number(box.x(place + 0.5)), "", dates.short_month(part.period.first)[0])
            for place, part in enumerate(order)
        ],
        [(number(box.x(place)), frost) for place, part in enumerate(order) if (frost := _frost(part))],
        gettext("{count} of 12 months were arid: their rain in mm was less than twice their mean in °C.").format(
            count=arid_months
        ),
    )


def scaled(rain: float) -> float:
    """Return the height of an amount of rain on the scale of the temperature."""
    return rain / 2 if rain <= HUMID_MM else HUMID_MM / 2 + (rain - HUMID_MM) / 20


def _line(values: Sequence[float], box: Box) -> str:
    return "M" + "L".join(box.at(place + 0.5, value) for place, value in enumerate(values))


def _strokes(warmth: Sequence[float], rain: Sequence[float], box: Box) -> tuple[str, str]:
    """Draw upright strokes between the lines, apart for humid and arid times."""
    humid: list[str] = []
    arid: list[str] = []
    for step in range(11 * STEPS + 1):
        place, part = divmod(step, STEPS)
        share = part / STEPS
        mean, fell = (_between(values, place, share) for values in (warmth, rain))
        stroke = f"M{number(box.x(place + 0.5 + share))} {number(box.y(max(mean, 0)))}V{number(box.y(fell))}"
        (humid if fell > mean else arid).append(stroke)
    return "".join(humid), "".join(arid)


def _between(values: Sequence[float], place: int, share: float) -> float:
    after = values[min(place + 1, len(values) - 1)]
    return values[place] * (1 - share) + after * share


def _frost(part: Part) -> str:
    if part.mean_low is not None and part.mean_low < 0:
        return "sure"
    return "possible" if part.low and part.low.value < 0 else ""

"""The wind: the compass of the current wind and the rose of the last days."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext, pgettext
from msgspec.json import encode

from sensorfusion.domain.weather import derived
from sensorfusion.domain.weather.wind import (
    CALM,
    ROSE_CLASSES,
    Rose,
    WindSample,
    compass_point,
    direction_spread,
    mean_direction,
)
from sensorfusion.reports import words
from sensorfusion.reports.geometry import arc, number, wedge
from sensorfusion.reports.queries import SECTORS, Station
from sensorfusion.web.values.display import NBSP, Display, fixed
from sensorfusion.web.values.numbers import localised
from sensorfusion.web.values.presentation import AS_USUAL, Presentation

ROSE_DAYS: Final = 7
GUST_LASTS_S: Final = 3600  # airports report once an hour; such a gust still counts as current
HUB, RIM = 14.0, 92.0  # radii of the rose
ARC_RADIUS: Final = 87
ARC_HALF: Final = (4.0, 170.0)  # degrees to either side, least and most: a wider arc would close
_TICKS: Final = [(f"{angle:g}", angle % 45 == 0) for angle in (place * 7.5 for place in range(48))]


@dataclass(frozen=True, slots=True)
class Compass:
    """`arc` is one standard deviation to either side of the mean direction of 10 minutes.

    In a calm a vane has no direction: there is no needle then.
    """

    direction: str
    is_calm: bool
    speed: str
    number: str
    unit: str
    point: str
    arc: str
    gust: str  # its newest number, empty for a sensor without gusts
    gust_unit: str
    is_gusty: bool  # whether that gust still counts as current
    beaufort: str
    words: str
    winds: str  # of the 10 minutes, for the script
    ticks: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Petal:
    speed_class: int
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class RoseDrawing:
    petals: list[Petal]
    rings: list[tuple[str, str]]
    classes: list[str]
    calm: str
    sentence: str
    rows: list[tuple[str, str]]
    days: int


def compass(station: Station, samples: list[tuple[float, WindSample]], *, system: str) -> Compass | None:
    """Draw the current wind; None for a sensor without a wind speed and direction."""
    speed, direction = station.value("wind_speed"), station.value("wind_direction")
    if speed is None or direction is None:
        return None
    shown = station.display("wind_speed", system)
    gust, newest_gust = _gust(station), station.value("wind_gust")
    force, word = derived.beaufort(wind_speed=speed), gettext(derived.beaufort_word(wind_speed=speed))
    gusts = station.display("wind_gust", system)
    return Compass(
        direction=f"{direction:g}",
        is_calm=speed < CALM,
        speed=f"{speed:g}",
        number=shown.number(speed),
        unit=shown.symbol,
        point=bearing(direction, speed),
        arc=_spread([wind for _, wind in samples]),
        gust=gusts.number(newest_gust) if newest_gust is not None else "",
        gust_unit=gusts.symbol,
        is_gusty=gust is not None,
        beaufort=f"Beaufort {force} · {word}{_when(station)}",
        words=wind_words(direction, speed, gust, system=system, presentation=station.presentation) + _when(station),
        winds=encode([(t, wind.direction, wind.speed) for t, wind in samples]).decode(),
        ticks=_TICKS,
    )


def _when(station: Station) -> str:
    """Return when the wind was, if it is not the current one."""
    at = station.value_at("wind_speed")
    is_current = station.is_reporting and not station.is_old("wind_speed") and not station.is_old("wind_direction")
    return "" if is_current or at is None else f", {words.since(at, now=station.now)}"


def bearing(direction: float, speed: float) -> str:
    """Format where the wind comes from: NNW 340°."""
    if speed < CALM:
        return pgettext("wind", "calm")
    return f"{gettext(compass_point(direction))}{NBSP}{fixed(direction, 0)}°"


def wind_words(
    direction: float, speed: float, gust: float | None, *, system: str, presentation: Presentation = AS_USUAL
) -> str:
    """Return the wind in a sentence."""
    text, force = presentation.display("wind_speed", system).text(speed), derived.beaufort_word(wind_speed=speed)
    if speed < CALM:
        wind = gettext("Wind {speed}, {force}").format(speed=text, force=gettext(force))
    else:
        point = gettext(compass_point(direction))
        wind = gettext("Wind {speed} from {point}, {force}").format(speed=text, point=point, force=gettext(force))
    if gust is None:
        return wind
    gusts = presentation.display("wind_gust", system).text(gust)
    return gettext("{wind}, gusting {gust}").format(wind=wind, gust=gusts)


def _gust(station: Station) -> float | None:
    """Return the gust of the current wind: many stations report gusts only while there are some."""
    at, wind_at = station.value_at("wind_gust"), station.value_at("wind_speed")
    is_recent = at is not None and wind_at is not None and at.timestamp() >= wind_at.timestamp() - GUST_LASTS_S
    return station.value("wind_gust") if is_recent else None


def _spread(samples: list[WindSample]) -> str:
    middle, spread = mean_direction(samples), direction_spread(samples)
    if middle is None or spread is None or spread < 1:
        return ""
    least, most = ARC_HALF
    half = min(max(spread, least), most)
    return arc(middle - half, middle + half, ARC_RADIUS)


def rose_drawing(rose: Rose, *, system: str, presentation: Presentation = AS_USUAL) -> RoseDrawing | None:
    """Draw the rose; None without any wind."""
    blowing = [sum(sector) for sector in rose.shares]
    longest = max(blowing, default=0.0)
    if not longest:
        return None
    shown = presentation.display("wind_speed", system)
    main = blowing.index(longest)
    sentence = gettext("Mostly from {point}, {share}\u00a0% of the time; calm {calm}\u00a0%.")
    return RoseDrawing(
        petals=[
            Petal(speed_class, path, f"{_point(sector)}, {label}: {_percent(share)}")
            for sector, shares in enumerate(rose.shares)
            for speed_class, (path, share, label) in enumerate(_petals(sector, shares, longest, shown))
            if share
        ],
        rings=[(number(HUB + (RIM - HUB) * part), f"{longest * part * 100:.0f}{NBSP}%") for part in (0.5, 1.0)],
        classes=_class_labels(shown),
        calm=f"{rose.calm_share * 100:.0f}{NBSP}%",
        sentence=sentence.format(point=_point(main), share=f"{longest * 100:.0f}", calm=f"{rose.calm_share * 100:.0f}"),
        rows=[(_point(sector), _percent(share)) for sector, share in enumerate(blowing)],
        days=ROSE_DAYS,
    )


def _point(sector: int) -> str:
    return gettext(compass_point(sector * 360 / SECTORS))


def _percent(share: float) -> str:
    return f"{localised(fixed(share * 100, 1))}{NBSP}%"


def _petals(sector: int, shares: tuple[float, ...], longest: float, shown: Display) -> list[tuple[str, float, str]]:
    middle, half = sector * 360 / SECTORS, 360 / SECTORS * 0.38
    inner, petals = HUB, []
    for share, label in zip(shares, _class_labels(shown), strict=True):
        outer = inner + share / longest * (RIM - HUB)
        petals.append((wedge(middle - half, middle + half, inner, outer), share, label))
        inner = outer
    return petals


def _class_labels(shown: Display) -> list[str]:
    shown = shown.linear
    edges = [shown.number(edge) for edge in ROSE_CLASSES]
    closed = [f"{low}–{high}" for low, high in pairwise(edges)]
    return [*closed, f"{edges[-1]}+{shown.unit}"]

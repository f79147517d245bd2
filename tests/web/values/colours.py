"""The colours of `tokens.css` and their contrast (WCAG 2), computed without a browser."""

import re
from math import cos, radians, sin
from pathlib import Path
from typing import Final

Colour = tuple[float, float, float]  # linear red, green and blue

_PAIR: Final = re.compile(r"--([\w-]+):\s*light-dark\(oklch\(([^)/]*)\),\s*oklch\(([^)/]*)\)\)")
_SKY: Final = re.compile(r'\[data-sky="(\w+)"\]\s*\{( --sky-a[^}]*)\}')


def tokens_of(file: str, theme: int) -> dict[str, Colour]:
    """Return the colours of a theme, 0 for light and 1 for dark, by name."""
    found = _PAIR.findall(Path(file).read_text(encoding="utf-8"))
    return {name: _colour(*pair[theme].split()) for name, *pair in found}


def skies_of(file: str, theme: int) -> dict[str, list[Colour]]:
    """Return of each sky in a theme the colour above, the one below, and that of text on them."""
    found = _SKY.findall(Path(file).read_text(encoding="utf-8"))
    return {name: [_in_theme(value, theme) for value in re.findall(r": ([^;]+)", rest)] for name, rest in found}


def _in_theme(value: str, theme: int) -> Colour:
    pair = re.findall(r"oklch\(([^)]*)\)", value)
    return _colour(*pair[theme % len(pair)].split())


def mixed(colour: Colour, ground: Colour, part: float) -> Colour:
    """Return a colour that is partly transparent as browsers paint it: they blend in sRGB."""
    red, green, blue = (
        _linear(part * _encoded(each) + (1 - part) * _encoded(below))
        for each, below in zip(colour, ground, strict=True)
    )
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted(0.2126 * each[0] + 0.7152 * each[1] + 0.0722 * each[2] for each in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _colour(lightness: str, chroma: str, hue: str) -> Colour:
    """Convert from oklch: https://bottosson.github.io/posts/oklab/."""
    light, strength, angle = float(lightness.rstrip("%")) / 100, float(chroma), radians(float(hue))
    a, b = strength * cos(angle), strength * sin(angle)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return _clipped(red), _clipped(green), _clipped(blue)


def _clipped(channel: float) -> float:
    return min(1.0, max(0.0, channel))


def _encoded(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

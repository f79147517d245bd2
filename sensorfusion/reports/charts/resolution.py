"""What a point of a chart stands for, in words: the subtitle of its card. The page's script writes the same words."""

from typing import Final

from sensorfusion.domain.quantities import Combine
from sensorfusion.readings.charts.question import Resolution

EVERY_READING: Final = "every reading"
ADJECTIVES: Final[dict[Resolution, str]] = {"5m": "5-minute", "1h": "hourly", "1d": "daily"}
# The word for a bucket's value, by how its readings are combined.
COMBINED: Final[dict[Combine, str]] = {
    "mean": "mean",
    "vector": "mean",
    "sum": "sum",
    "counter": "last value",
    "last": "last value",
}
BAND: Final = "band = lowest to highest"
PER: Final = {300: "5 minutes", 900: "15 minutes", 3600: "hour", 21600: "6 hours", 86400: "day", 604800: "week"}


def resolution_words(resolution: Resolution, days: int, combine: Combine) -> str:
    """Return what a point of a line stands for: "hourly mean, band = lowest to highest"."""
    if resolution == "raw":
        return EVERY_READING
    adjective = f"{days}-day" if days > 1 else ADJECTIVES[resolution]
    return f"{adjective} {COMBINED[combine]}" + (f", {BAND}" if combine == "mean" else "")


def bars_words(length_s: int) -> str:
    """Return what a bar stands for, after its unit: "per hour"."""
    return f"per {PER[length_s]}"


def with_unit(symbol: str, words: str, between: str = " · ") -> str:
    """Put the unit before the words."""
    return f"{symbol}{between}{words}" if symbol else words

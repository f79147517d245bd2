"""What a point of a chart stands for, in words: the subtitle of its card. The page's script writes the same words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from sensorfusion.domain.quantities import Combine
from sensorfusion.readings.charts.question import Resolution

EVERY_READING: Final = gettext_lazy("every reading")
ADJECTIVES: Final[dict[Resolution, Promise]] = {
    "5m": pgettext_lazy("each", "5-minute"),
    "1h": pgettext_lazy("each", "hourly"),
    "1d": pgettext_lazy("each", "daily"),
}
# The word for a bucket's value, by how its readings are combined.
COMBINED: Final[dict[Combine, Promise]] = {
    "mean": pgettext_lazy("combined", "mean"),
    "vector": pgettext_lazy("combined", "mean"),
    "sum": pgettext_lazy("combined", "sum"),
    "counter": pgettext_lazy("combined", "last value"),
    "last": pgettext_lazy("combined", "last value"),
}
BAND: Final = gettext_lazy("band = lowest to highest")
PER: Final[dict[int, Promise]] = {
    300: pgettext_lazy("per", "5 minutes"),
    900: pgettext_lazy("per", "15 minutes"),
    3600: pgettext_lazy("per", "hour"),
    21600: pgettext_lazy("per", "6 hours"),
    86400: pgettext_lazy("per", "day"),
    604800: pgettext_lazy("per", "week"),
}


def resolution_words(resolution: Resolution, days: int, combine: Combine) -> str:
    """Return what a point of a line stands for: "hourly mean, band = lowest to highest"."""
    if resolution == "raw":
        return str(EVERY_READING)
    return bucket_words(resolution, days, combine) + (f", {BAND}" if combine == "mean" else "")


def bucket_words(resolution: Resolution, days: int, combine: Combine) -> str:
    """Return what the value of a bucket is: "hourly mean", "3-day sum"."""
    each = pgettext("each", "{days}-day").format(days=days) if days > 1 else ADJECTIVES[resolution]
    return gettext("{each} {combined}").format(each=each, combined=COMBINED[combine])


def bars_words(length_s: int) -> str:
    """Return what a bar stands for, after its unit: "per hour"."""
    return gettext("per {length}").format(length=PER[length_s])


def with_unit(symbol: str, words: str, between: str = " · ") -> str:
    """Put the unit before the words."""
    return f"{symbol}{between}{words}" if symbol else words

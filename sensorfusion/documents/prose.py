"""The summary of a report in prose; every clause has its figure on the page.

First the mean against what is usual (without earlier years, against the period before), then the extremes, then the
rain, then what is not known.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext, gettext_noop, ngettext

from sensorfusion.documents.figures import Day, Figures, Usual
from sensorfusion.documents.shown import Shown
from sensorfusion.documents.streaks import DRY_BELOW, dated
from sensorfusion.web.looks import Looks
from sensorfusion.web.values.display import Display

FEW_DAYS: Final = 2  # days are named if half of the rain fell on so few
# The sentences about a temperature, and those about anything else; above what is compared with, and below it.
_THAN_USUAL: Final[Mapping[bool, tuple[str, str]]] = {
    True: (
        gettext_noop("Warmer than usual: mean {mean}, {by} above the {years} average."),
        gettext_noop("Colder than usual: mean {mean}, {by} below the {years} average."),
    ),
    False: (
        gettext_noop("Higher than usual: mean {mean}, {by} above the {years} average."),
        gettext_noop("Lower than usual: mean {mean}, {by} below the {years} average."),
    ),
}
_THAN_BEFORE: Final[Mapping[bool, tuple[str, str]]] = {
    True: (
        gettext_noop("Mean {mean}, {by} warmer than {period}."),
        gettext_noop("Mean {mean}, {by} colder than {period}."),
    ),
    False: (
        gettext_noop("Mean {mean}, {by} higher than {period}."),
        gettext_noop("Mean {mean}, {by} lower than {period}."),
    ),
}
_ENDS: Final[Mapping[bool, str]] = {
    True: gettext_noop("{high} was the warmest day, {low} the coldest."),
    False: gettext_noop("{high} was the highest day, {low} the lowest."),
}


def prose(figures: Figures, *, usual: Usual | None, before: Figures | None, looks: Looks, shown: Shown) -> str:
    """Write the summary; without any reading it says that."""
    if not figures.has_readings:
        return nothing_stored(figures.period.title)
    sentences = [
        _consumed(figures, shown.amount),
        _compared(figures, usual, before, looks, shown.main),
        _extremes(figures, looks),
        _rained(figures, shown.rain),
        _unknown(figures, usual),
    ]
    return " ".join(each for each in sentences if each)


def nothing_stored(period: str) -> str:
    """Say that there is no reading of a period, which is given by its title."""
    return gettext("No readings are stored of {period}.").format(period=period)


def silent_days(count: int) -> str:
    """Say how many days have no readings."""
    return ngettext("{count} day has no readings.", "{count} days have no readings.", count).format(count=count)


def _consumed(figures: Figures, shown: Display) -> str:
    there = [(day.amount, day.day) for day in figures.days if day.amount is not None]
    if not there or figures.amount is None:
        return ""
    most = max(there, key=lambda each: each[0])
    return gettext("{amount} in all, {each} a day; {day} had the most, {most}.").format(
        amount=shown.text(figures.amount),
        each=shown.text(figures.amount / len(there)),
        day=dated(most[1]),
        most=shown.text(most[0]),
    )


def _compared(figures: Figures, usual: Usual | None, before: Figures | None, looks: Looks, shown: Display) -> str:
    if figures.mean is None:
        return ""
    mean = shown.text(figures.mean)
    if usual and usual.mean is not None:
        by = figures.mean - usual.mean
        if shown.is_nothing(by, of=figures.mean):
            same = gettext("As usual: mean {mean}, the same as the {years} average.")
            return same.format(mean=mean, years=usual.words)
        told = gettext(_THAN_USUAL[looks.hue == "temp"][by < 0])
        return told.format(mean=mean, by=shown.size(by), years=usual.words)
    if before and before.mean is not None:
        by = figures.mean - before.mean
        if shown.is_nothing(by, of=figures.mean):
            return gettext("Mean {mean}, the same as {period}.").format(mean=mean, period=before.period.title)
        told = gettext(_THAN_BEFORE[looks.hue == "temp"][by < 0])
        return told.format(mean=mean, by=shown.size(by), period=before.period.title)
    return gettext("Mean {mean}.").format(mean=mean)


def _extremes(figures: Figures, looks: Looks) -> str:
    there = [day for day in figures.days if day.mean is not None]
    if len(there) < 2:
        return ""
    most = max(there, key=lambda day: day.mean or 0.0)
    least = min(there, key=lambda day: day.mean or 0.0)
    return gettext(_ENDS[looks.hue == "temp"]).format(high=dated(most.day), low=dated(least.day))


def _rained(figures: Figures, rain: Display) -> str:
    if figures.rain is None:
        return ""
    wet = sorted((day for day in figures.days if (day.rain or 0) >= DRY_BELOW), key=lambda day: -(day.rain or 0))
    fell = rain.text(figures.rain)
    if figures.period.sort == "day":
        return gettext("{rain} of rain fell.").format(rain=fell) if wet else gettext("It had no rain.")
    if not wet:
        return gettext("No day had rain.")
    few = next((wet[:many] for many in range(1, FEW_DAYS + 1) if _sum(wet[:many]) >= figures.rain / 2), None)
    if few is None or len(wet) <= len(few):
        told = ngettext("{rain} of rain fell on {count} day.", "{rain} of rain fell on {count} days.", len(wet))
        return told.format(rain=fell, count=len(wet))
    return ngettext(
        "{rain} of rain fell on {count} day, {part} of it on {days}.",
        "{rain} of rain fell on {count} days, {part} of it on {days}.",
        len(wet),
    ).format(rain=fell, count=len(wet), part=rain.text(_sum(few)), days=_both(few))


def _both(days: Sequence[Day]) -> str:
    first, *others = [dated(each.day) for each in sorted(days, key=lambda day: day.day)]
    return gettext("{first} and {last}").format(first=first, last=others[-1]) if others else first


def _sum(days: Sequence[Day]) -> float:
    return sum(day.rain or 0.0 for day in days)


def _unknown(figures: Figures, usual: Usual | None) -> str:
    silent = sum(not day.has_readings and day.hours.expected > 0 for day in figures.days)
    told = []
    if silent:
        told.append(silent_days(silent))
    if usual is None and figures.mean is not None:
        told.append(gettext("No earlier year has enough days to compare with."))
    return " ".join(told)

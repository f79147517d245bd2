"""The summary of a report in prose; every clause has its figure on the page.

First the mean against what is usual (without earlier years, against the period before), then the extremes, then the
rain, then what is not known.
"""

from collections.abc import Sequence
from typing import Final

from sensorfusion.documents.figures import Day, Figures, Usual
from sensorfusion.documents.shown import Shown
from sensorfusion.documents.streaks import DRY_BELOW, dated
from sensorfusion.reports.words import MORE_LESS
from sensorfusion.web.looks import Looks
from sensorfusion.web.values.display import Display

FEW_DAYS: Final = 2  # days are named if half of the rain fell on so few


def prose(figures: Figures, *, usual: Usual | None, before: Figures | None, looks: Looks, shown: Shown) -> str:
    """Write the summary; without any reading it says that."""
    if not figures.has_readings:
        return f"No readings are stored of {figures.period.title}."
    sentences = [
        _consumed(figures, shown.amount),
        _compared(figures, usual, before, looks, shown.main),
        _extremes(figures, looks),
        _rained(figures, shown.rain),
        _unknown(figures, usual),
    ]
    return " ".join(each for each in sentences if each)


def _consumed(figures: Figures, shown: Display) -> str:
    there = [(day.amount, day.day) for day in figures.days if day.amount is not None]
    if not there or figures.amount is None:
        return ""
    told = f"{shown.text(figures.amount)} in all, {shown.text(figures.amount / len(there))} a day"
    most = max(there, key=lambda each: each[0])
    return f"{told}; {dated(most[1])} had the most, {shown.text(most[0])}."


def _compared(figures: Figures, usual: Usual | None, before: Figures | None, looks: Looks, shown: Display) -> str:
    if figures.mean is None:
        return ""
    more, less = MORE_LESS.get(looks.hue, MORE_LESS[""])
    mean = shown.text(figures.mean)
    if usual and usual.mean is not None:
        by = figures.mean - usual.mean
        if shown.is_nothing(by, of=figures.mean):
            return f"As usual: mean {mean}, the same as the {usual.words} average."
        word, side = (more, "above") if by > 0 else (less, "below")
        return f"{word.capitalize()} than usual: mean {mean}, {shown.size(by)} {side} the {usual.words} average."
    if before and before.mean is not None:
        by = figures.mean - before.mean
        if shown.is_nothing(by, of=figures.mean):
            return f"Mean {mean}, the same as {before.period.title}."
        return f"Mean {mean}, {shown.size(by)} {more if by > 0 else less} than {before.period.title}."
    return f"Mean {mean}."


def _extremes(figures: Figures, looks: Looks) -> str:
    there = [day for day in figures.days if day.mean is not None]
    if len(there) < 2:
        return ""
    most = max(there, key=lambda day: day.mean or 0.0)
    least = min(there, key=lambda day: day.mean or 0.0)
    high, low = ("warmest", "coldest") if looks.hue == "temp" else ("highest", "lowest")
    return f"{dated(most.day)} was the {high} day, {dated(least.day)} the {low}."


def _rained(figures: Figures, rain: Display) -> str:
    if figures.rain is None:
        return ""
    wet = sorted((day for day in figures.days if (day.rain or 0) >= DRY_BELOW), key=lambda day: -(day.rain or 0))
    if figures.period.sort == "day":
        return f"{rain.text(figures.rain)} of rain fell." if wet else "It had no rain."
    if not wet:
        return "No day had rain."
    told = f"{rain.text(figures.rain)} of rain fell on {len(wet)} {'day' if len(wet) == 1 else 'days'}"
    few = next((wet[:many] for many in range(1, FEW_DAYS + 1) if _sum(wet[:many]) >= figures.rain / 2), None)
    if few is None or len(wet) <= len(few):
        return f"{told}."
    few = sorted(few, key=lambda day: day.day)
    on = " and ".join(dated(day.day) for day in few)
    return f"{told}, {rain.text(_sum(few))} of it on {on}."


def _sum(days: Sequence[Day]) -> float:
    return sum(day.rain or 0.0 for day in days)


def _unknown(figures: Figures, usual: Usual | None) -> str:
    silent = sum(not day.has_readings and day.hours.expected > 0 for day in figures.days)
    told = []
    if silent:
        told.append(f"{silent} {'day has' if silent == 1 else 'days have'} no readings.")
    if usual is None and figures.mean is not None:
        told.append("No earlier year has enough days to compare with.")
    return " ".join(told)

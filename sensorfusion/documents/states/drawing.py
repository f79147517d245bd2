"""The pictures of a state: each day as a column from its beginning to its end, and the calendar of a year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext

from sensorfusion.documents.drawing import WIDTH, Drawing, Label, numbers_of
from sensorfusion.documents.states.figures import StateDay, StateFigures
from sensorfusion.documents.states.told import NO, YES
from sensorfusion.documents.streaks import dated
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.reports.geometry import number
from sensorfusion.reports.kinds.span_words import duration
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.clock import clock, week_of

HEIGHT: Final = 240  # 10 px an hour
LEAST: Final = 1.5  # px: shorter spans are drawn longer, as they would not be seen
BESIDE: Final = 0.1  # of a day's column is free on either side
MOST_SPANS: Final = 6000  # in a drawing; of the days that have more, the longest are drawn
HOURS: Final = (0, 6, 12, 18, 24)
SHADES: Final = 4
PITCH: Final = 13
Cell = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Strip:
    """A drawing and what its looks mean."""

    drawing: Drawing
    keys: Sequence[tuple[str, str]]


def strip(station: Station, figures: StateFigures) -> Strip:
    """Draw each day as a column: its beginning is on top, time of which nothing is known is grey."""
    looks = looks_of(figures)
    paths: dict[str, list[str]] = {look: [] for look in ("silent", *looks.values())}
    paths.setdefault("k4", [])
    most = max(20, MOST_SPANS // len(figures.days))
    pitch = WIDTH / len(figures.days)
    for place, day in enumerate(figures.days):
        column = _Column((place + BESIDE) * pitch, (1 - 2 * BESIDE) * pitch, day)
        for each in _unknown(day):
            paths["silent"].append(column.bar(each, least=0.0))
        for each in _longest(day.spans.spans, most):
            paths[looks.get(each.state, "k4")].append(column.bar(each, least=LEAST))
    drawn = {look: "".join(there) for look, there in paths.items() if there}
    grid = [(number(HEIGHT * hour / 24), hour == 24) for hour in HOURS]
    drawing = Drawing(HEIGHT, drawn, grid, _hours(station, figures), numbers_of(figures.days), [])
    return Strip(drawing, _keys(figures, looks, drawn))


def looks_of(figures: StateFigures) -> Mapping[str, str]:
    """Return the class of each state: k0 is pale, for rest; higher ones are darker."""
    if figures.told.is_boolean:
        return {NO: "k0", YES: "k4"}
    return {state: f"k{place}" for place, state in enumerate(figures.states)}


def _keys(figures: StateFigures, looks: Mapping[str, str], drawn: Mapping[str, str]) -> list[tuple[str, str]]:
    word = figures.told.vocabulary.word
    keys = [(look, word(state)) for state, look in looks.items() if look in drawn]
    if "k4" in drawn and "k4" not in looks.values():
        keys.append(("k4", gettext("others")))
    return [*keys, *([("silent", gettext("no data"))] if "silent" in drawn else [])]


@dataclass(frozen=True, slots=True)
class _Column:
    x: float
    width: float
    day: StateDay

    def bar(self, span: Span, *, least: float) -> str:
        scale = HEIGHT / (self.day.end - self.day.begin)
        top, height = (span.start - self.day.begin) * scale, max(span.length_s * scale, least)
        width = number(self.width)
        return f"M{number(self.x)} {number(min(top, HEIGHT - height))}h{width}v{number(height)}h-{width}z"


def _unknown(day: StateDay) -> Iterator[Span]:
    """Yield the times of a day so far of which nothing is known."""
    at = day.begin
    for each in day.spans.spans:
        if each.start > at:
            yield Span("", at, each.start)
        at = max(at, each.end)
    if day.until > at:
        yield Span("", at, day.until)


def _longest(spans: Sequence[Span], most: int) -> Sequence[Span]:
    if len(spans) <= most:
        return spans
    return sorted(sorted(spans, key=lambda each: -each.length_s)[:most], key=lambda each: each.start)


def _hours(station: Station, figures: StateFigures) -> list[Label]:
    """Write the hours of an ordinary day beside the columns, from the hour at which days begin."""
    begin = station.calendar.begin(figures.period.first).astimezone(station.zone).replace(tzinfo=None)
    texts = [clock(begin + timedelta(hours=hour)) for hour in HOURS]
    if texts[0] == "00:00":
        texts[-1] = "24:00"
    return [Label("-7", number(HEIGHT * hour / 24 + 4), text) for hour, text in zip(HOURS, texts, strict=True)]


def calendar(figures: StateFigures) -> list[Cell]:
    """Return a square for each day of a year: the longer the told state lasted, the darker."""
    first = week_of(figures.period.first)
    most = max((day.spans.total_s(*figures.states) for day in figures.days), default=0.0)
    found = []
    for day in figures.days:
        column, row = divmod((day.day - first).days, 7)
        found.append((column * PITCH, row * PITCH, _shade(day, figures, most), _said(day, figures)))
    return found


def _shade(day: StateDay, figures: StateFigures, most: float) -> str:
    if not day.has_readings:
        return "blank"
    total = day.spans.total_s(*figures.states)
    if not day.times(*figures.states):
        return "h0"
    return f"h{min(SHADES, 1 + int(total / most * SHADES))}" if most else "h1"


def _said(day: StateDay, figures: StateFigures) -> str:
    if not day.has_readings:
        nothing = gettext("no readings")
        return f"{dated(day.day)}: {nothing}"
    told = ", ".join(
        f"{figures.told.vocabulary.word(each)} {duration(day.spans.total_s(each))}" for each in figures.states
    )
    return f"{dated(day.day)}: {told}"

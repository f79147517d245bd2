"""The figures of a state: each day of a period, and the whole of it, from its spans."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sensorfusion.documents.periods import DAY, Period
from sensorfusion.documents.states.told import YES, Told
from sensorfusion.domain.quantities.spans import Span, Spans
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.reports.kinds.span_words import UNKNOWN_S


@dataclass(frozen=True, slots=True)
class StateDay:
    """A day up to now, in epoch seconds. `begun` are the instants at which the told state was entered on it."""

    day: date
    begin: float
    until: float
    end: float
    spans: Spans
    begun: Sequence[float]

    @property
    def has_readings(self) -> bool:
        return bool(self.spans.spans)

    @property
    def is_future(self) -> bool:
        return self.until <= self.begin

    @property
    def so_far_s(self) -> float:
        return max(0.0, self.until - self.begin)

    @property
    def unknown_s(self) -> float:
        return self.so_far_s - self.spans.known_s

    @property
    def is_partial(self) -> bool:
        """Whether the state is not known for some of the time; what is counted is what is known."""
        return self.unknown_s >= UNKNOWN_S

    def times(self, *states: str) -> int:
        return sum(self.spans.times(each) for each in states)

    @property
    def changes(self) -> int:
        """Count how often one state followed another, also over a silence."""
        return changes(self.spans)


@dataclass(frozen=True, slots=True)
class StateFigures:
    """A period up to now: its days, and its spans, of which `states` are told."""

    period: Period
    told: Told
    states: Sequence[str]
    days: Sequence[StateDay]
    spans: Spans

    @property
    def has_readings(self) -> bool:
        return bool(self.spans.spans)

    @property
    def times(self) -> int:
        return sum(self.spans.times(each) for each in self.states)

    @property
    def total_s(self) -> float:
        return self.spans.total_s(*self.states)

    @property
    def so_far_s(self) -> float:
        return sum(each.so_far_s for each in self.days)

    @property
    def unknown_s(self) -> float:
        return self.so_far_s - self.spans.known_s

    @property
    def is_partial(self) -> bool:
        return any(day.is_partial for day in self.days)

    @property
    def longest(self) -> Span | None:
        return self.spans.longest(*self.states)

    def day_of(self, at: float) -> date:
        """Return the day of the period that contains an instant."""
        place = bisect_right([each.begin for each in self.days], at) - 1
        return self.days[max(place, 0)].day


def figures_of(whole: Spans, period: Period, *, told: Told, calendar: Calendar, now: float) -> StateFigures:
    """Compute the figures of a period from spans that include it.

    :param whole: with what is known of the instants before the period, which tells what began in it.
    """
    begins = [calendar.begin(day).timestamp() for day in (*period.days, period.last + DAY)]
    spans = whole.between(begins[0], max(begins[0], min(begins[-1], now)))
    states = told.states(spans.spans)
    starts, begun = [each.start for each in whole.spans], _begun(whole, states if told.is_boolean else ())
    days = [
        _day(day, begins[place], begins[place + 1], min(begins[place + 1], now), whole, starts, begun)
        for place, day in enumerate(period.days)
    ]
    return StateFigures(period, told, states, days, spans)


def part_of(year: StateFigures, month: Period | None) -> StateFigures:
    """Return the figures of a month of a year, or of all of it; the states told are those of the year."""
    assert month is not None
    days = [day for day in year.days if month.first <= day.day <= month.last]
    spans = year.spans.between(days[0].begin, max(days[0].begin, days[-1].until))
    return replace(year, period=month, days=days, spans=spans)


def _day(
    day: date, begin: float, end: float, until: float, whole: Spans, starts: Sequence[float], begun: Sequence[float]
) -> StateDay:
    near = whole.spans[max(0, bisect_right(starts, begin) - 1) : bisect_left(starts, max(begin, until))]
    spans = Spans(near, whole.start, whole.end, whole.longest_s).between(begin, max(begin, until))
    here = begun[bisect_left(begun, begin) : bisect_left(begun, max(begin, until))]
    return StateDay(day, begin, until, end, spans, here)


def _begun(whole: Spans, states: Sequence[str]) -> list[float]:
    """Return when one of the states was entered; one that goes on after a silence was not."""
    found, before = [], ""
    for each in whole.spans:
        if each.state in states and each.state != before:
            found.append(each.start)
        before = each.state
    return found


def changes(spans: Spans) -> int:
    """Count how often one state followed another."""
    return sum(a.state != b.state for a, b in zip(spans.spans, spans.spans[1:], strict=False))


def closed_of(figures: StateFigures) -> list[Span]:
    """Return the spans in which a boolean was no."""
    return [each for each in figures.spans.spans if each.state != YES]

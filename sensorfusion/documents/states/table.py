"""The table of a state, day by day, and the columns that the table of a number has beside its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from sensorfusion.documents.states.figures import StateDay, StateFigures, changes
from sensorfusion.documents.states.words import capital, clock_of
from sensorfusion.documents.streaks import dated
from sensorfusion.documents.table import Beside, Cell, Column, Mark, Row, Table, best_of
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.reports.kinds.span_words import UNKNOWN_S, duration
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.display import NOTHING

ZERO = "\N{MIDDLE DOT}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers of a column come from; `at` gives the time beside one."""

    column: Column
    value: Callable[[StateDay], float | None]
    text: Callable[[float], str]
    total: Cell
    at: Callable[[StateDay], str] | None = None
    is_marked: bool = True


def table(station: Station, figures: StateFigures) -> Table:
    """Build the table of a report about a state."""
    sources = _of_boolean(station, figures) if figures.told.is_boolean else _of_text(figures)
    sources += _unknown(figures)
    best = [best_of([source.value(day) for day in figures.days], ("high",)) for source in sources]
    rows = [_row(day, sources, best) for day in figures.days]
    totals = [source.total for source in sources]
    return Table([source.column for source in sources], rows, totals, False, _words(figures))


def _words(figures: StateFigures) -> str:
    told = [gettext("A dot is zero. Nothing is known of silences, and of them nothing is counted.")]
    if figures.is_partial:
        told.insert(0, gettext("† Of a part of the day nothing is known; times are the least that they can have been."))
    if figures.told.is_boolean:
        whole = gettext("What was {state} at the beginning of a day counts on it, too, and only once in the total.")
        told.append(whole.format(state=figures.told.yes_word))
    return " ".join(told)


def columns_of(figures: StateFigures) -> list[Beside]:
    """Return the columns of a state in the table of a number: how often, and of a boolean for how long."""
    label = figures.told.looks.label
    sources = [_changes(figures, Column(label, pgettext("column", "changes")))]
    if figures.told.is_boolean:
        yes = Column(figures.told.yes_word, pgettext("column", "in all"))
        sources = [
            _times(figures, Column(label, pgettext("column", "times"))),
            _in_all(figures, figures.states[0], yes),
        ]
    best = [best_of([source.value(day) for day in figures.days], ("high",)) for source in sources]
    return [_beside(figures, source, ends) for source, ends in zip(sources, best, strict=True)]


def _beside(figures: StateFigures, source: Source, best: dict[Mark, float | None]) -> Beside:
    cells = [cell(day, source, best) if day.has_readings else None for day in figures.days]
    return Beside(source.column, cells, source.total)


def _of_boolean(station: Station, figures: StateFigures) -> list[Source]:
    (yes,) = figures.states

    def longest(day: StateDay) -> Span | None:
        return day.spans.longest(yes)

    def began(day: StateDay, place: int) -> float | None:
        return day.begun[place] if day.begun else None

    whole = figures.longest
    ends = [day for day in figures.days if day.begun]
    first = min(ends, key=lambda day: day.begun[0] - day.begin, default=None)
    last = max(ends, key=lambda day: day.begun[-1] - day.begin, default=None)
    return [
        _times(figures, Column(pgettext("column", "Times"), figures.told.yes_word)),
        _in_all(figures, yes, Column(gettext("In all"), "")),
        Source(
            Column(pgettext("column", "Longest"), "", at=True),
            lambda day: 0.0 if (found := longest(day)) is None else found.length_s,
            duration,
            Cell(duration(whole.length_s) if whole else ZERO, at=dated(figures.day_of(whole.start)) if whole else ""),
            lambda day: "" if (found := longest(day)) is None else clock_of(station, found.start),
        ),
        Source(
            Column(pgettext("column", "First"), ""),
            lambda day: began(day, 0),
            lambda at: clock_of(station, at),
            Cell(clock_of(station, first.begun[0]) if first else NOTHING),
            is_marked=False,
        ),
        Source(
            Column(pgettext("column", "Last"), ""),
            lambda day: began(day, -1),
            lambda at: clock_of(station, at),
            Cell(clock_of(station, last.begun[-1]) if last else NOTHING),
            is_marked=False,
        ),
    ]


def _of_text(figures: StateFigures) -> list[Source]:
    word = figures.told.vocabulary.word
    lasted = [_in_all(figures, each, Column(capital(word(each)), "")) for each in figures.states]
    found = [_changes(figures, Column(pgettext("column", "Changes"), "")), *lasted]
    named = set(figures.states)
    rest = sorted({each.state for each in figures.spans.spans} - named)
    if rest:
        total_s = figures.spans.total_s(*rest)
        found.append(
            Source(
                Column(pgettext("column", "Others"), "", ", ".join(rest[:8])),
                lambda day: day.spans.total_s(*rest), duration, Cell(_lasted(total_s)),
            )
        )  # fmt: skip
    return found


def _times(figures: StateFigures, column: Column) -> Source:
    return Source(
        column, lambda day: day.times(*figures.states), lambda value: f"{value:.0f}", Cell(str(figures.times))
    )


def _changes(figures: StateFigures, column: Column) -> Source:
    return Source(column, lambda day: day.changes, lambda value: f"{value:.0f}", Cell(str(changes(figures.spans))))


def _in_all(figures: StateFigures, state: str, column: Column) -> Source:
    total_s = figures.spans.total_s(state)
    return Source(column, lambda day: day.spans.total_s(state), duration, Cell(_lasted(total_s)))


def _lasted(seconds: float) -> str:
    return duration(seconds) if seconds else ZERO


def _unknown(figures: StateFigures) -> list[Source]:
    if not figures.is_partial:
        return []
    return [
        Source(
            Column(pgettext("report", "No data"), ""),
            lambda day: day.unknown_s if day.unknown_s >= UNKNOWN_S else 0.0, duration,
            Cell(_lasted(figures.unknown_s)), is_marked=False,
        )
    ]  # fmt: skip


def _row(day: StateDay, sources: Sequence[Source], best: Sequence[dict[Mark, float | None]]) -> Row:
    told = gettext("{known} of {all} known")
    hours = told.format(known=duration(day.spans.known_s), all=duration(day.so_far_s))
    if not day.has_readings:
        return Row(day.day, [], not day.is_future, hours, is_future=day.is_future)
    cells = [cell(day, source, ends) for source, ends in zip(sources, best, strict=True)]
    return Row(day.day, cells, day.is_partial, hours)


def cell(day: StateDay, source: Source, best: dict[Mark, float | None]) -> Cell:
    """Write one cell: a dot for zero, a dash for nothing; the highest of the period is marked."""
    value, at = source.value(day), source.at(day) if source.at else None
    if value is None:
        return Cell(NOTHING, is_faint=True, at=at)
    if value == 0:
        return Cell(ZERO, is_faint=True, at=at)
    mark: Mark = "high" if source.is_marked and value == best.get("high") else ""
    return Cell(source.text(value), mark, at=at)

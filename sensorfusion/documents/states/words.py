"""What a report of a state says: its summary in prose, its main figure, and those below it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext, pgettext

from sensorfusion.documents.facts import Fact, Lead, percent, with_weekday
from sensorfusion.documents.prose import nothing_stored, silent_days
from sensorfusion.documents.states.figures import StateDay, StateFigures, changes, closed_of
from sensorfusion.documents.streaks import dated
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.reports.kinds.span_words import UNKNOWN_S, duration, share, times
from sensorfusion.reports.queries import Station
from sensorfusion.web.values import dates
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.display import NBSP, NOTHING


def prose(station: Station, figures: StateFigures) -> str:
    """Write the summary; without any reading it says that."""
    if not figures.has_readings:
        return nothing_stored(figures.period.title)
    told = _opened(station, figures) if figures.told.is_boolean else _changed(figures)
    return " ".join([told, *_unknown(figures)])


def _opened(station: Station, figures: StateFigures) -> str:
    word, count, longest = figures.told.yes_word, figures.times, figures.longest
    if not count or longest is None:
        return gettext("Never {state}.").format(state=word)
    when, total = _when(station, figures, longest), duration(figures.total_s)
    if count == 1:
        told = gettext("{state} once, {duration}, {when}.")
        return told.format(state=capital(word), duration=total, when=when)
    days = [day for day in figures.days if day.times(*figures.states)]
    sentence = _often(len(days), is_day=figures.period.sort == "day").format(
        state=capital(word),
        count=count,
        days=len(days),
        duration=total,
        longest=duration(longest.length_s),
        when=when,
    )
    return " ".join([sentence, *_busiest(days, figures)])


def _often(days: int, *, is_day: bool) -> str:
    if is_day:
        return gettext("{state} {count} times; {duration} in all, longest {longest} {when}.")
    return ngettext(
        "{state} {count} times on {days} day; {duration} in all, longest {longest} {when}.",
        "{state} {count} times on {days} days; {duration} in all, longest {longest} {when}.",
        days,
    )


def _when(station: Station, figures: StateFigures, span: Span) -> str:
    time = clock_of(station, span.start)
    if figures.period.sort == "day":
        return gettext("from {time}").format(time=time)
    return gettext("on {day} from {time}").format(day=dates.long_day_of_month(figures.day_of(span.start)), time=time)


def _busiest(days: Sequence[StateDay], figures: StateFigures) -> list[str]:
    counts = [day.times(*figures.states) for day in days]
    most = max(counts)
    if len(days) < 2 or counts.count(most) > 1:
        return []
    return [gettext("{day} had the most, {count}.").format(day=dated(days[counts.index(most)].day), count=most)]


def _changed(figures: StateFigures) -> str:
    spans, word = figures.spans, figures.told.vocabulary.word
    first, *others = [
        f"{word(each)} {duration(spans.total_s(each))} ({share(spans.total_s(each), spans.known_s)})"
        if spans.known_s
        else word(each)
        for each in figures.states
    ]
    count = changes(spans)
    moved = gettext("It changed {times}.").format(times=times(count)) if count else gettext("It did not change.")
    return f"{capital(', '.join([first, *others]))}. {moved}"


def _unknown(figures: StateFigures) -> list[str]:
    silent = sum(not day.has_readings and not day.is_future for day in figures.days)
    told = []
    if silent:
        told.append(silent_days(silent))
    if figures.unknown_s >= UNKNOWN_S:
        told.append(gettext("Nothing is known of {duration} in all.").format(duration=duration(figures.unknown_s)))
    return told


def lead_of(figures: StateFigures) -> Lead:
    """Return how often it was so, or the share of the state that lasted longest."""
    if figures.told.is_boolean:
        number = str(figures.times) if figures.has_readings else NOTHING
        return Lead(number, "", said=pgettext("report", "Times {state}").format(state=figures.told.yes_word))
    if not figures.spans.known_s:
        return Lead(NOTHING, "", said=gettext("Share of the time"))
    state = figures.states[0]
    said = gettext("Of the time {state}").format(state=figures.told.vocabulary.word(state))
    told = share(figures.spans.total_s(state), figures.spans.known_s).removesuffix(f"{NBSP}%")
    return Lead(told, "%", said=said)


def facts_of(station: Station, figures: StateFigures) -> list[Fact]:
    """Return the figures under the summary."""
    if not figures.has_readings:
        return []
    spans, word = figures.spans, figures.told.vocabulary.word
    if not figures.told.is_boolean:
        return [
            Fact(capital(word(each)), duration(spans.total_s(each)), "", times(spans.times(each)))
            for each in figures.states
        ]
    part = gettext("{share} of the time that is known") if spans.known_s else ""
    rest = max(closed_of(figures), key=lambda each: each.length_s, default=None)
    return [
        Fact(
            gettext("{state} in all").format(state=capital(figures.told.yes_word)),
            duration(figures.total_s),
            "",
            part.format(share=share(figures.total_s, spans.known_s or 1.0)),
        ),
        *_longest(station, figures, figures.told.yes_word, figures.longest),
        *_longest(station, figures, figures.told.no_word, rest),
        *_most(figures),
    ]


def _longest(station: Station, figures: StateFigures, state: str, span: Span | None) -> list[Fact]:
    if span is None:
        return []
    label, day = gettext("Longest {state}").format(state=state), with_weekday(figures.day_of(span.start))
    return [Fact(label, duration(span.length_s), "", f"{day}, {clock_of(station, span.start)}")]


def _most(figures: StateFigures) -> list[Fact]:
    if figures.period.sort == "day" or not figures.times:
        return []
    most = max(figures.days, key=lambda day: day.times(*figures.states))
    return [Fact(gettext("Most on a day"), times(most.times(*figures.states)), "", with_weekday(most.day))]


def coverage_of(figures: StateFigures) -> str:
    """Say of how many hours the state is known; nothing is rounded up."""
    known, so_far = figures.spans.known_s, figures.so_far_s
    part = int(known / so_far * 1000 + 1e-6) / 10 if so_far else 0.0
    told = gettext("known for {known} of {all} hours, {share}")
    return told.format(known=int((known + 1e-3) / 3600), all=int(so_far / 3600), share=percent(part))


def clock_of(station: Station, at: float) -> str:
    """Format the time of day of an instant, in the site's time."""
    return clock(local(station, at))


def local(station: Station, at: float) -> datetime:
    return instant(at).astimezone(station.zone)


def capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"

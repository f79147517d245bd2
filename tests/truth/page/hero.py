"""The top of the report: the newest temperature, what it feels like, yesterday's, and the extremes of the day."""

from collections.abc import Iterator
from datetime import date, timedelta

from tests.truth.oracle import weather
from tests.truth.page.known import TOGETHER_S, Known
from tests.truth.page.said import NOTHING, Said, clock, fixed, interval, number, one, short, since, span

HERO = "temperature"
FEWEST_DAYS = 21  # for the calendar of the year and its records
WORDS = {4: "implausible", 3: "suspect"}


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    value, ago = known.value(HERO), f"{span(max(0.0, known.now - known.observed_at))} ago"
    yield "title", one(f"{number(HERO, value)} °C · Orchard station")
    yield "hero place", one(f"52.24° N 21.01° E · 113 m · {clock(known.here)} local")
    yield "hero value", one(number(HERO, value))
    yield "hero unit", one("°C")
    yield "hero seen", one(ago)
    yield from doubt("hero", known, HERO)
    yield from why("hero", known, known.state, known.observed_at)
    if known.state == "offline":
        last = since(known.local(known.observed_at), known.here)
        expected = f" Expected every {interval(known.interval_s)}." if known.interval_s else ""
        yield "banner", one(f"No data since {last}.{expected}")
    yield from _feels(known)
    yield from _moved(known)
    yield from _today(known)


def why(part: str, known: Known, state: str, at: float) -> Iterator[tuple[str, Said]]:
    """Yield the sentence of a badge, which is empty while the value is fresh."""
    if words := why_words(known, state, at):
        yield f"{part} why", one(words)


def why_words(known: Known, state: str, at: float) -> str:
    lead = {"late": "Late, last at", "offline": "No data since"}.get(state)
    return f"{lead} {since(known.local(at), known.here)}" if lead else ""


def doubt(part: str, known: Known, name: str) -> Iterator[tuple[str, Said]]:
    """Yield the word for a flagged value."""
    word = WORDS.get(known.newest.flags.get(name, 1))
    if word:
        yield f"{part} doubt", one(word)


def _feels(known: Known) -> Iterator[tuple[str, Said]]:
    numbers = {name: value for name in known.names if (value := known.current(name)) is not None}
    felt = weather.at_once("feels_like", numbers, known.where.elevation_m)
    if felt is not None:
        yield "hero feels", one(f"Feels like {short(HERO, felt)}")


def _moved(known: Known) -> Iterator[tuple[str, Said]]:
    value, before = known.current(HERO), a_day_before(known, HERO)
    if value is None or before is None:
        return
    size = fixed(abs(value - before), 1)
    if not float(size):
        yield "hero words", one("the same as yesterday at this time")
        return
    yield "hero delta", one(f"{'▲' if value > before else '▼'} {size}°")
    yield "hero words", one(f"{'warmer' if value > before else 'colder'} than yesterday at this time")


def a_day_before(known: Known, name: str) -> float | None:
    """Return the number nearest to the same time of the day before the newest reading, by the local clock.

    It is of half an hour around, or of three quarters of the usual interval. Where only rollups are left, it is the
    mean of five minutes.
    """
    within = max(TOGETHER_S, 0.75 * (known.interval_s or 0))
    wanted = same_time_before(known, known.observed_at)
    if known.is_whole:
        points = known.between(name, wanted - within, wanted + within + 1e-6)
    else:
        rows = known.buckets.rows(name, "5m")
        points = [(at + 150, cell.value) for at, cell in rows.items() if cell.value is not None]
    near = [(abs(at - wanted), value) for at, value in points if abs(at - wanted) <= within]
    return min(near, key=lambda each: each[0])[1] if near else None  # of two that are as near, the earlier


def same_time_before(known: Known, at: float) -> float:
    """Return the instant of the same local time on the day before; a date that a zone skipped is left out."""
    local = known.local(at).replace(tzinfo=None)
    for days in (1, 2):
        found = (local - timedelta(days=days)).replace(tzinfo=known.zone).timestamp()
        if at - found > 43200:
            return found
    raise AssertionError(at)


def _today(known: Known) -> Iterator[tuple[str, Said]]:
    today = known.between(HERO, known.day_begin)
    for end, best in (("high", max), ("low", min)):
        if not today:
            yield f"hero {end}", one(NOTHING)
        else:
            value = best(value for _, value in today)
            at = next(at for at, each in today if each == value)
            yield f"hero {end}", one(short(HERO, value))
            if known.is_whole or known.is_kept(at):
                yield f"hero {end} at", one(clock(known.local(at)))
            if record := _record(known, end, value):
                yield f"hero {end} record", one(record)


def _record(known: Known, end: str, value: float) -> str:
    """Return the longest span whose record was another day's before today; a sensor of few days has none."""
    today, of_one = known.today, known.days.quantities[HERO]
    if sum(today - timedelta(days=364) <= day <= today for day in of_one) < FEWEST_DAYS:
        return ""
    first = known.days.dates[0]
    ever = f"Record {end} since {first.year}" if first.year < today.year else f"Record {end}"
    spans = ((date.min, ever), (date(today.year, 1, 1), f"Record {end} of {today.year}"))
    for begin, words in (*spans, (today.replace(day=1), f"Record {end} of {today:%B}")):
        before = [each for day, each in of_one.items() if begin <= day < today]
        best = [each.high if end == "high" else each.low for each in before]
        numbers = [each for each in best if each is not None]
        if numbers and (value > max(numbers) if end == "high" else value < min(numbers)):
            return words
    return ""

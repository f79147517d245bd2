"""The tiles: a number, when it was, its sentence, and the extremes of the day."""

from collections.abc import Iterator
from typing import Final

from tests.truth.oracle.quantities import COMBINES
from tests.truth.page.hero import doubt, why
from tests.truth.page.known import Known
from tests.truth.page.said import Said, in_full, number, numbers, one
from tests.truth.page.sentences import sentence

ELSEWHERE: Final = ("temperature", "wind_speed", "wind_gust", "wind_direction")  # in the hero and in the compass
TELL: Final = ("rain_day", "rain", "rain_total")  # of several the first has the tile


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    rain = [name for name in TELL if name in known.names]
    for name in known.names:
        if name not in ELSEWHERE and name not in rain[1:]:
            yield from _tile(known, name)


def _tile(known: Known, name: str) -> Iterator[tuple[str, Said]]:
    part, at = f"tile {name}", known.newest.times[name]
    value = _shown(known, name)
    yield f"{part} value", value
    if value != one("–"):
        yield f"{part} unit", one(in_full(name, known.newest.values[name])[1])
    yield from why(part, known, known.state_of(at), at)
    yield from doubt(part, known, name)
    said = sentence(known, name)
    if said and said != one(""):
        yield f"{part} sentence", said
    today = [value for _, value in known.between(name, known.day_begin)]
    if COMBINES[name] == "mean":
        yield f"{part} low", one(number(name, min(today, default=None)))
        yield f"{part} high", one(number(name, max(today, default=None)))


def _shown(known: Known, name: str) -> Said:
    """Return the number of a tile: of amounts what they are together today, of a counter of the day today's."""
    if name == "rain":
        today = [value for _, value in known.between(name, known.day_begin)]
        return numbers(name, sum(today) if today else None)
    if name == "rain_day" and known.newest.times[name] < known.day_begin:
        return one("–")
    return one(in_full(name, known.newest.values[name])[0])

"""A shared link against the newest values of the readings: its page, its data, and its card for displays."""

from collections.abc import Iterator
from typing import Any, Final

from sensorfusion.sharing.services import make_share
from tests.truth.checks.differences import first, of_values
from tests.truth.oracle.stored import BAD
from tests.truth.page.hero import why_words
from tests.truth.page.known import TOGETHER_S, Known
from tests.truth.page.said import NOTHING, in_full, since
from tests.truth.page.tree import parsed
from tests.truth.station import WHERE, Station

MAIN: Final = "temperature"
CARD_MOST: Final = 300  # bytes


def differences(station: Station) -> list[str]:
    return first(_differences(station))


def _differences(station: Station) -> Iterator[str]:
    known = Known(
        station.readings, station.kept, station.excluded, station.buckets, WHERE, station.now.timestamp(), "24h"
    )
    true = {name: _told(known, name) for name in known.names}
    made = make_share(
        by=station.owner, sensor=station.sensor, name="Garden", quantities=known.names, now=station.now, history="1y"
    )
    data = station.visit(f"/s/{made.text}/latest/").json()
    yield from of_values("shared values", {name: tuple(each) for name, each in data["values"].items()}, true)
    yield from of_values("shared state", data["state"], known.state)
    last = since(known.local(known.observed_at), known.here)
    yield from of_values("shared clock", data["clock"], last)
    yield from _page(station.visit(f"/s/{made.text}/").content.decode(), true, last)
    yield from _card(station.visit(f"/s/{made.text}/card.json"), known, true)


def _told(known: Known, name: str) -> tuple[str, str, str]:
    """Return the number, the unit, and when it was observed if that is older than the newest reading."""
    at = known.newest.times[name]
    is_over = name == "rain_day" and at < known.day_begin
    value = None if is_over or known.newest.flags.get(name) == BAD else known.newest.values[name]
    number, symbol = (NOTHING, "") if value is None else in_full(name, value)
    is_old = at < known.observed_at - TOGETHER_S
    return (
        number,
        symbol,
        why_words(known, known.state_of(at), at) or since(known.local(at), known.here) if is_old else "",
    )


def _page(html: str, true: dict[str, tuple[str, str, str]], last: str) -> Iterator[str]:
    main = parsed(html).one("main")
    said = {
        each.attributes["data-q"]: tuple(each.one(part).text for part in ("b", "span", "small"))
        for each in main.all("dd")
    }
    yield from of_values("shared page", said, true)
    yield from of_values("shared page, clock", main.one("span", data_fact="clock").text, f"Last reading {last}")


def _card(answer: Any, known: Known, true: dict[str, tuple[str, str, str]]) -> Iterator[str]:
    """Yield what is wrong with the card: those that are not older, the main one first, as many as fit."""
    said = answer.json()
    names = sorted((name for name in true if not true[name][2]), key=lambda name: name != MAIN)
    texts = [[name, " ".join(part for part in true[name][:2] if part)] for name in names]
    yield from of_values("card, values", said["values"], texts[: len(said["values"])])
    yield from of_values("card, instant and state", (said["at"], said["state"]), (int(known.observed_at), known.state))
    if len(answer.content) > CARD_MOST:
        yield f"card: {len(answer.content)} bytes"
    if len(said["values"]) < min(4, len(texts)):
        yield f"card: only {said['values']}"

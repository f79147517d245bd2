"""The cards of shared sensors, for the page of a site and its socket: made as those of the overview, from less.

A card is given a station as its share shows it (`sharing.station`), so it has no other quantity, name or place to tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from django.utils.translation import gettext

from sensorfusion.reports.overview import Overview, SensorCard, overview_of
from sensorfusion.reports.queries import Station
from sensorfusion.sharing.latest import clock_of
from sensorfusion.sharing.models import ShareRight, SiteShareRight
from sensorfusion.sharing.sites.queries import parts_of
from sensorfusion.sharing.station import all_through
from sensorfusion.sharing.tokens import copied
from sensorfusion.sharing.words import states_told


@dataclass(frozen=True, slots=True)
class PartCard:
    """The card of a sensor; `token` of its own page, empty if that cannot be opened from here any more."""

    card: SensorCard
    token: str
    heard: str  # when the newest value was observed, by the site's clock


@dataclass(frozen=True, slots=True)
class Cards:
    """What a page shows; `parts` are those with problems first."""

    overview: Overview | None  # None without sensors
    parts: list[PartCard]
    day_ends_at: datetime | None

    @property
    def sentence(self) -> str:
        if self.overview is None:
            return gettext("Nothing is shown at present")
        return states_told([part.card.state for part in self.parts])


class SentCard(msgspec.Struct):
    """A card as pages are sent it; `number` is None without a large value, `values` are those beside it."""

    state: str
    why: str
    heard: str
    number: str | None
    symbol: str
    values: dict[str, tuple[str, str, str]]  # number, symbol, state


class SentPage(msgspec.Struct):
    """What pages are sent: the cards by the ids of their shares; `day_ends_at` as in `latest.Shared`."""

    sentence: str
    cards: dict[str, SentCard]
    day_ends_at: str | None = None


def cards_of(right: SiteShareRight, *, system: str, now: datetime) -> Cards:
    """Return what a page shows now."""
    return cards_through(parts_of([right])[right.page_id], system=system, now=now)


def cards_through(rights: Sequence[ShareRight], *, system: str, now: datetime) -> Cards:
    """Return the cards of shares of one site."""
    stations = all_through(rights, now=now)
    if not stations:
        return Cards(None, [], None)
    found = overview_of(stations, system=system, now=now)
    shares = [right.share for right in rights]
    tokens = {each.uuid: copied(seed=bytes(each.seed), stored=bytes(each.digest)) for each in shares}
    heard = {station.sensor.uuid: clock_of(station) for station in stations}
    parts = [PartCard(card, tokens[card.sensor.uuid], heard[card.sensor.uuid]) for card in found.rows]
    return Cards(found, parts, _next_day(stations))


def sent(cards: Cards) -> SentPage:
    """Return cards as pages are sent them."""
    ends_at = cards.day_ends_at
    return SentPage(
        sentence=cards.sentence,
        cards={str(each.card.sensor.uuid): _sent(each) for each in cards.parts},
        day_ends_at=ends_at.isoformat(timespec="seconds") if ends_at else None,
    )


def _sent(part: PartCard) -> SentCard:
    card = part.card
    if not card.at or not card.quantity:
        return SentCard(card.state, card.words, part.heard, None, "", {})
    values: dict[str, tuple[str, str, str]] = {
        small.quantity: (small.number, small.symbol, small.state) for small in card.beside
    }
    return SentCard(card.state, card.words, part.heard, card.number, card.symbol, values)


def _next_day(stations: Sequence[Station]) -> datetime:
    return min(station.day_end for station in stations).astimezone(UTC)

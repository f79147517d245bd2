"""The marks of the sensors on a map. Sensors that are close to each other there have one mark with their count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext, ngettext

from sensorfusion.domain.liveness import State
from sensorfusion.reports.hero import coordinate
from sensorfusion.reports.overview import GRAVITY, Overview, SensorCard
from sensorfusion.reports.world.window import LEAST_HEIGHT, Place, Window, fitted

NEAR: Final = (0.1, 0.08)  # shares of width and height, less than a label takes
FEW: Final = 8  # marks: with so few, they have room for names
MOST_CLOSER: Final = 20  # times a mark can be opened: each map is a tenth as wide as the one before, or less
RIGHT: Final = 0.7  # share of the width, beyond which labels are left of their marks


@dataclass(frozen=True, slots=True)
class Mark:
    cards: list[SensorCard]
    place: Place
    across: float
    down: float
    is_one_place: bool
    may_open: bool  # whether a closer map would tell its sensors apart

    @property
    def state(self) -> State:
        """The state that needs attention most."""
        return min((card.state for card in self.cards), key=GRAVITY.__getitem__)

    @property
    def first(self) -> SensorCard:
        return self.cards[0]

    @property
    def is_right(self) -> bool:
        return self.across > RIGHT

    @property
    def x(self) -> str:
        return f"{self.across:.2%}"

    @property
    def y(self) -> str:
        return f"{self.down:.2%}"

    @property
    def names(self) -> str:
        return ", ".join(card.sensor.name for card in self.cards)

    @property
    def heading(self) -> str:
        """What is said of several sensors: "3 sensors at 52.24° N, 21.01° E"."""
        where = f"{coordinate(self.place[0], 'NS')}, {coordinate(self.place[1], 'EW')}"
        said = gettext("{sensors} at {place}") if self.is_one_place else gettext("{sensors} near {place}")
        count = len(self.cards)
        sensors = ngettext("{count} sensor", "{count} sensors", count).format(count=count)
        return said.format(sensors=sensors, place=where)


@dataclass(frozen=True, slots=True)
class MapView:
    """A map, and what its list says: the sensors by mark, then those without a place."""

    window: Window | None
    marks: list[Mark]
    without: list[SensorCard]
    closer: int  # how many times a mark was opened

    @property
    def is_roomy(self) -> bool:
        return len(self.marks) <= FEW

    @property
    def next_closer(self) -> int:
        return self.closer + 1


def map_of(overview: Overview, *, of: UUID | None = None, closer: int = 0) -> MapView:
    """Build the map of all sensors; with `of`, of those that share a mark with it, opened `closer` times."""
    placed = sorted(((card, card.place) for card in overview.rows if card.place), key=lambda each: each[0].sensor.id)
    marks = _marks(placed)
    opened = 0
    while opened < closer and (found := [mark for mark in marks if any(card.sensor.uuid == of for card in mark.cards)]):
        members = {card.sensor.id for card in found[0].cards}
        marks, opened = _marks([each for each in placed if each[0].sensor.id in members]), opened + 1
    return MapView(
        window=_window(marks),
        marks=sorted(marks, key=lambda mark: (GRAVITY[mark.state], mark.first.sensor.name)),
        without=[] if opened else [card for card in overview.rows if not card.place],
        closer=opened,
    )


def _window(marks: Sequence[Mark]) -> Window | None:
    places = [card.place for mark in marks for card in mark.cards if card.place]
    return fitted(places) if places else None


def _marks(placed: Sequence[tuple[SensorCard, Place]]) -> list[Mark]:
    if not placed:
        return []
    window = fitted([place for _, place in placed])
    groups: list[list[tuple[SensorCard, Place]]] = []
    for card, place in placed:
        near = (group for group in groups if _is_near(window.at(group[0][1]), window.at(place)))
        group = next(near, None)
        if group is None:
            groups.append(group := [])
        group.append((card, place))
    return [_mark(group, window) for group in groups]


def _mark(group: Sequence[tuple[SensorCard, Place]], window: Window) -> Mark:
    places = {place for _, place in group}
    across, down = window.at(group[0][1])
    cards = sorted((card for card, _ in group), key=lambda card: (GRAVITY[card.state], card.sensor.name))
    may_open = len(places) > 1 and window.height > 2 * LEAST_HEIGHT
    return Mark(cards, group[0][1], across, down, len(places) == 1, may_open)


def _is_near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return all(abs(one - other) < least for one, other, least in zip(a, b, NEAR, strict=True))

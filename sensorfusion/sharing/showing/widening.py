"""Whether a change shows more than a link or page shows now, which sharing that is closed refuses.

While an administrator has closed sharing, what is shared stays, and may show less; nothing else becomes visible: no
other sensor or quantity, no longer range, no finer place, no later end, no further site that embeds it, no page without
its password, and no page by link that becomes public.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from sensorfusion.sharing.models import Grid, History

_RANGES: Final = list(History)  # from the shortest
_PLACES: Final = list(Grid)  # from the coarsest
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Shared(Protocol):
    """What links and pages have alike."""

    history: str
    grid: int
    expires_at: datetime | None
    origins: Collection[str]


@dataclass(frozen=True, slots=True)
class Extent:
    """What a link or page shows, and to whom."""

    values: frozenset[tuple[int, str]]  # sensors with their quantities
    range: int
    place: int
    ends_at: datetime
    origins: frozenset[str]
    is_public: bool = False
    has_password: bool = False

    def exceeds(self, before: "Extent") -> bool:
        """Return whether this shows something that `before` does not, or to more people."""
        return (
            not (self.values <= before.values and self.origins <= before.origins)
            or (self.range, self.place, self.ends_at) != _least(self, before)
            or (self.is_public and not before.is_public)
            or (before.has_password and not self.has_password)
        )


def extent(
    shared: Shared, values: Collection[tuple[int, str]], *, is_public: bool = False, has_password: bool = False
) -> Extent:
    """Return what is shown with these values."""
    return Extent(
        values=frozenset(values),
        range=_RANGES.index(History(shared.history)),
        place=_PLACES.index(Grid(shared.grid)),
        ends_at=shared.expires_at or _NEVER,
        origins=frozenset(shared.origins),
        is_public=is_public,
        has_password=has_password,
    )


def _least(one: Extent, other: Extent) -> tuple[int, int, datetime]:
    return min(one.range, other.range), min(one.place, other.place), min(one.ends_at, other.ends_at)

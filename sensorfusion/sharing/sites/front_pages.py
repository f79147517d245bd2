"""The front page for people without an account: the public pages of this installation, on a map and as a list.

Only with the setting `SENSORFUSION_FRONT_PAGE=public`. Operators have their overview at the same address, as before.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sensorfusion.accounts.signing_up.set_up import is_first
from sensorfusion.domain.liveness import State
from sensorfusion.reports.overview import GRAVITY, Overview, SensorCard, SiteCards, overview_of, summary
from sensorfusion.reports.pages import overview
from sensorfusion.reports.world.places import map_of
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.rate_limit import limited
from sensorfusion.sharing.sites.pages import opened, public
from sensorfusion.sharing.sites.queries import parts_of, public_pages
from sensorfusion.sharing.station import all_through
from sensorfusion.sharing.words import states_told
from sensorfusion.web.values.reader import units_of

PUBLIC: Final = "public"
VALUES: Final = 3  # of a site in the list
SEARCHED_FROM: Final = 4  # sites
_LIVE: Final = GRAVITY["live"]


def label_of(card: SensorCard, name: str) -> str:
    """Return what a value is under the name of its sensor or site: of a temperature that is said by its unit."""
    label = card.looks.short if card.looks else ""
    return name if card.quantity == "temperature" or card.is_word or not label else f"{name} · {label}"


@dataclass(frozen=True, slots=True)
class PublicSite:
    """A site in the list; `cards` are those of its sensors, with the ones that report first."""

    page: SiteShare
    cards: list[SensorCard]

    @property
    def state(self) -> State:
        """The state that needs attention most."""
        return min((card.state for card in self.cards), key=GRAVITY.__getitem__)

    @property
    def why(self) -> str:
        """What is not fresh: the words of a single sensor, else how many of several."""
        if len(self.cards) == 1:
            return self.cards[0].words
        return "" if self.state == "live" else self.sentence

    @property
    def sentence(self) -> str:
        return states_told([card.state for card in self.cards])

    @property
    def shown(self) -> list[tuple[str, SensorCard]]:
        """The first values with their labels; those of a single sensor are labelled by their quantities."""
        found = [card for card in self.cards if card.at and card.quantity][:VALUES]
        if len(self.cards) == 1:
            return [(card.looks.label if card.looks else "", card) for card in found]
        return [(label_of(card, card.sensor.name), card) for card in found]

    @property
    def others(self) -> int:
        """How many sensors are on its page only."""
        return len(self.cards) - len(self.shown)

    @property
    def mark(self) -> SensorCard:
        """The site as one sensor, for the map."""
        first = self.cards[0]
        sensor = copy.copy(first.sensor)
        sensor.uuid, sensor.name = self.page.uuid, self.page.name
        place = next((card.place for card in self.cards if card.place), None)
        is_fresh = GRAVITY[first.state] >= _LIVE and first.at is not None
        return replace(first, sensor=sensor, state=self.state, place=place, number=first.number if is_fresh else "")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the public pages to people without an account, else what is there without the setting.

    The first visitor of a new installation is led to the page that sets it up.
    """
    if not request.user.is_authenticated and is_first():
        return redirect("set-up")
    if settings.FRONT_PAGE != PUBLIC or request.user.is_authenticated:
        return overview(request)
    return _shown(request)


@limited
def _shown(request: HttpRequest) -> HttpResponse:
    sites = public_sites(system=units_of(request), now=timezone.now())
    context = {
        "sites": sites,
        "sentence": _sentence(sites),
        "map": map_of(_as_overview(sites), **opened(request)) if any(site.mark.place for site in sites) else None,
        "links": {site.page.uuid: reverse("site-page", args=[site.page.slug]) for site in sites},
        "canonical": request.build_absolute_uri(request.path),
        "is_searched": len(sites) >= SEARCHED_FROM,
        "signup": settings.SIGNUP,
    }
    return public(render(request, "sharing/sites/front.html", context))


def public_sites(*, system: str, now: datetime) -> list[PublicSite]:
    """Return the public pages with the values they show, by name; the number of statements does not grow with them."""
    pages = public_pages(now=now)
    parts = parts_of(pages)
    stations = all_through([right for page in pages for right in parts[page.page_id]], now=now)
    if not stations:
        return []
    groups = {group.site.pk: group.cards for group in overview_of(stations, system=system, now=now).sites}
    return [PublicSite(page.page, _live_first(groups[page.site_id])) for page in pages if page.site_id in groups]


def _live_first(cards: Sequence[SensorCard]) -> list[SensorCard]:
    """Sort the sensors that report before others, and temperatures, which most readers look for, before the rest."""
    order: dict[State, int] = {"live": 0, "late": 1}
    return sorted(cards, key=lambda card: (order.get(card.state, 2), card.quantity != "temperature", card.sensor.name))


def _sentence(sites: Sequence[PublicSite]) -> str:
    return summary([card.state for site in sites for card in site.cards], len(sites)) if sites else ""


def _as_overview(sites: Sequence[PublicSite]) -> Overview:
    groups = [SiteCards(site.cards[0].sensor.site, [site.mark], "") for site in sites]
    return Overview(sentence="", has_problems=False, sites=groups, shown=[], count=len(groups))

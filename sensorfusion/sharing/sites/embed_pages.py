"""Parts of the page of a site for pages of other sites, as those of a link: the cards of all its sensors."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sensorfusion.sharing.models import SiteShareRight
from sensorfusion.sharing.pages import units_asked
from sensorfusion.sharing.showing.embed_pages import dress, framed
from sensorfusion.sharing.showing.languages import in_asked_language
from sensorfusion.sharing.sites.cards import cards_of
from sensorfusion.sharing.sites.pages import by_address


@require_safe
@by_address
@in_asked_language
def cards(request: HttpRequest, right: SiteShareRight) -> HttpResponse:
    """Show a card for each sensor of the page."""
    shown = cards_of(right, system=units_asked(request), now=timezone.now())
    context = {"share": right.page, "shown": shown, **dress(request)}
    return framed(request, right.page.origins, render(request, "sharing/sites/embed-cards.html", context))


EMBEDS: Final[dict[str, Callable[..., HttpResponse]]] = {"cards": cards}

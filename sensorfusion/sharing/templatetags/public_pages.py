"""Values of public stations for the page of signing in, and whether there is a front page."""

from typing import Any, Final

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone

from sensorfusion.sharing.sites.front_pages import PUBLIC, label_of, public_sites
from sensorfusion.sharing.words import history_inside
from sensorfusion.web.values.reader import units_of

register = template.Library()
register.filter(history_inside)
MOST: Final = 3


@register.inclusion_tag("sharing/sites/values.html", takes_context=True)
def public_values(context: Context) -> dict[str, Any]:
    """Show a live value of each of the first public stations; nothing without a front page."""
    if settings.FRONT_PAGE != PUBLIC:
        return {"stations": []}
    sites = public_sites(system=units_of(context["request"]), now=timezone.now())
    first = [(site.page, site.cards[0]) for site in sites]
    live = [(page, label_of(card, page.name), card) for page, card in first if card.state == "live" and card.quantity]
    return {"stations": live[:MOST]}


@register.simple_tag
def has_front_page() -> bool:
    """Return whether people without an account see the public pages at `/`."""
    return bool(settings.FRONT_PAGE == PUBLIC)

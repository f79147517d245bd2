"""The picture of a site's page for chats and social networks: its name, and a value of each of its first sensors.

Values of sensors that do not report are left out; without any that does, the picture says so.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from sensorfusion.reports import words
from sensorfusion.reports.overview import SensorCard
from sensorfusion.sharing.latest import Shown
from sensorfusion.sharing.models import SiteShareRight
from sensorfusion.sharing.pages import units_asked
from sensorfusion.sharing.showing.pages import tagged
from sensorfusion.sharing.showing.picture import (
    NAME_LONGEST,
    NOT_INSTALLED,
    OTHERS_MOST,
    cut,
    has_png,
    main_value,
    other_value,
    picture_png,
)
from sensorfusion.sharing.sites.cards import cards_of
from sensorfusion.sharing.sites.front_pages import label_of
from sensorfusion.sharing.sites.pages import by_address


@require_safe
@by_address
def page_svg(request: HttpRequest, right: SiteShareRight) -> HttpResponse:
    """Return the picture of what a page shows now."""
    drawn = _drawn(right, system=units_asked(request), now=timezone.now())
    return tagged(request, drawn, HttpResponse(drawn, content_type="image/svg+xml"))


@require_safe
@by_address
def page_png(request: HttpRequest, right: SiteShareRight) -> HttpResponse:
    """Return the same as PNG, or say what is missing for that."""
    if not has_png():
        return HttpResponse(NOT_INSTALLED, status=501, content_type="text/plain; charset=utf-8")
    drawn = _drawn(right, system=units_asked(request), now=timezone.now())
    answer = tagged(request, drawn, HttpResponse(content_type="image/png"))
    if answer.status_code == 200:
        answer.content = picture_png(drawn)
    return answer


def _drawn(right: SiteShareRight, *, system: str, now: datetime) -> str:
    found = cards_of(right, system=system, now=now)
    fresh = [part.card for part in found.parts if part.card.state in ("live", "late") and part.card.quantity]
    shown = [_shown(card) for card in sorted(fresh, key=lambda card: card.sensor.name)]
    newest = max((card.at for card in fresh if card.at), default=None)
    context = {
        "name": cut(right.page.name, NAME_LONGEST),
        "time": f"{words.date(newest)}, {words.clock(newest)}" if newest else found.sentence,
        "main": main_value(shown[0]) if shown else None,
        "others": [other_value(each, place) for place, each in enumerate(shown[1 : OTHERS_MOST + 1])],
    }
    return render_to_string("sharing/picture.svg", context)


def _shown(card: SensorCard) -> Shown:
    hue = card.looks.hue if card.looks else ""
    return Shown(card.quantity or "", label_of(card, card.sensor.name), hue, card.number, card.symbol, "")

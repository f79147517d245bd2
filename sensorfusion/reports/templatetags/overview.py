"""Template tags of the overview: its sensors as the rows of a table, or the cards of a site."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from sensorfusion.reports.listed import texts
from sensorfusion.reports.overview import SensorCard
from sensorfusion.web.templatetags.frame import alerted_first

register = template.Library()


@register.simple_tag(takes_context=True)
def sensor_rows(context: Context, cards: Sequence[SensorCard]) -> SafeString:
    """Render the rows of the table, those with alerts first."""
    alerts: Any = context.get("alerts_needing", ())
    return texts.rows(alerted_first(cards, alerts), alerts)


@register.simple_tag(takes_context=True)
def sensor_cards(context: Context, cards: Sequence[SensorCard]) -> SafeString:
    """Render the cards of a site, those with alerts first."""
    alerts: Any = context.get("alerts_needing", ())
    return texts.cards(alerted_first(cards, alerts), alerts)

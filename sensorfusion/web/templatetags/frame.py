"""Template tags and filters of every page: the import map, entry modules, icons."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from sensorfusion.domain.liveness import State
from sensorfusion.web import importmap as modules
from sensorfusion.web import script_tables as tables
from sensorfusion.web.addresses import full_path
from sensorfusion.web.checks.faults import faults_in, said_at
from sensorfusion.web.languages.scripts import of_page
from sensorfusion.web.looks import inside
from sensorfusion.web.security import OPENING_STYLE
from sensorfusion.web.values import clock as values
from sensorfusion.web.values import dates, freshness
from sensorfusion.web.values.numbers import fixed, localised

register = template.Library()
register.filter(inside)
register.filter(freshness.as_of_words)
register.filter(values.zone_words)
register.filter(localised)


@register.simple_tag
def importmap() -> SafeString:
    """Render the import map, which must come before the first module."""
    # Not escaped: it is JSON made from our own file names, and the policy contains the hash of its bytes.
    return mark_safe(f'<script type="importmap">{modules.import_map(of_page())}</script>')


@register.simple_tag
def root() -> str:
    """Return the path of the overview, which all our cookies are for; in error pages too, where `url` may fail."""
    return full_path("/")


@register.simple_tag
def opening_style() -> SafeString:
    """Render the one rule needed before any stylesheet; the policy allows it by its hash."""
    return mark_safe(f"<style>{OPENING_STYLE}</style>")


@register.simple_tag
def entry(name: str) -> SafeString:
    """Load an entry module of the page, and preload its imports."""
    preloads = format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}">',
        ((modules.address(each, of_page()),) for each in modules.preloaded(name)),
    )
    return format_html('{}\n<script type="module" src="{}"></script>', preloads, modules.address(name, of_page()))


@register.simple_tag
def script_tables() -> SafeString:
    """Render the server's tables for the scripts of live pages."""
    return tables.script_tables()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Render a symbol of the sprite; it is decorative, so its meaning must also be in text or a label."""
    return _icon(static("vendor/lucide/sprite.svg"), name)


@lru_cache(maxsize=256)
def _icon(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" width="18" height="18" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name
    )


@register.inclusion_tag("web/error-summary.html", takes_context=True)
def error_summary(context: Context, after: str = "") -> dict[str, object]:
    """Render what is wrong with the forms in the page's context; `after` ends the heading."""
    faults = faults_in(cast(dict[str, object], context.flatten()))
    heading = ngettext("One thing needs a change", "{count} things need a change", len(faults))
    return {"faults": faults, "heading": heading.format(count=len(faults)) + after}


@register.filter
def said(field: BoundField) -> list[str]:
    """Return what is wrong with a field, in sentences."""
    return said_at(field)


@register.filter
def initials(operator: object) -> str:
    """Shorten a name to fit the avatar: `Ada Lovelace` is AL, `ada@example.org` is A."""
    words = str(operator).partition("@")[0].split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def at(table: Mapping[object, object], key: object) -> object:
    """Look up a key in a table; empty if it is missing."""
    return table.get(key, "")


@register.filter
def latitude(degrees: float) -> str:
    """Format a latitude: 52.24° N."""
    return f"{localised(fixed(abs(degrees), 2))}° {gettext('N') if degrees >= 0 else gettext('S')}"


@register.filter
def longitude(degrees: float) -> str:
    """Format a longitude: 21.01° E."""
    return f"{localised(fixed(abs(degrees), 2))}° {gettext('E') if degrees >= 0 else gettext('W')}"


@register.filter
def ago(at: datetime) -> str:
    """Format an age as the scripts do: 2 s ago, 4 min ago, 3 h ago, 5 d ago."""
    return values.age((timezone.now() - at).total_seconds())


@register.simple_tag
def why_at(state: State, at: datetime | str | None, time_zone: str) -> str:
    """Return why what is shown of a sensor is not fresh; `at` is empty if there never was a reading."""
    return freshness.why_at(
        state, at if isinstance(at, datetime) else None, now=timezone.now(), zone=ZoneInfo(time_zone)
    )


@register.filter(expects_localtime=True)
def clock(at: datetime, precision: str = "") -> str:
    """Format a time of day by the reader's clock, with `seconds` if asked for."""
    return values.clock(at, seconds=precision == "seconds")


@register.filter(expects_localtime=True)
def minute(at: datetime) -> str:
    """Format an instant by the reader's clock: 22 Nov 2026, 14:05."""
    return pgettext("date", "{day}, {time}").format(day=dates.day_of_year(at), time=values.clock(at))


@register.filter(expects_localtime=True)
def day_and_time(at: datetime | None) -> str:
    """Format an instant by a clock of 24 hours, before the name of its zone: 22 Nov 2026 14:05."""
    return pgettext("date", "{day} {time}").format(day=dates.day_of_year(at), time=f"{at:%H:%M}") if at else ""


def _register(written: Callable[[date], str]) -> None:
    """Add a way to write dates as a filter, which like Django's own writes nothing for a date that is not there."""
    register.filter(written.__name__, lambda at: written(at) if at else "", expects_localtime=True)


for each in (
    dates.day_of_month,
    dates.day_of_year,
    dates.long_day_of_month,
    dates.long_day_of_year,
    dates.month,
    dates.month_of_year,
    dates.short_month,
    dates.short_month_of_year,
    dates.short_weekday,
    dates.weekday,
):
    _register(each)


@register.filter
def of_sensor(alerts: Iterable[Any], sensor: UUID) -> list[Any]:
    """Select the alerts of one sensor."""
    return [each for each in alerts if each.sensor == sensor]


@register.filter
def alerted_first(cards: Iterable[Any], alerts: Iterable[Any]) -> list[Any]:
    """Order the cards of sensors so that those with alerts come first, otherwise as they are."""
    alerted = {each.sensor for each in alerts}
    return sorted(cards, key=lambda card: card.sensor.uuid not in alerted)

"""The list of sections beside each page of a sensor's settings."""

from dataclasses import dataclass

from django import template
from django.template import Context
from django.utils.translation import gettext_noop

register = template.Library()


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the settings: the name of its URL, which takes the sensor's id, and its label and icon in the list."""

    route: str
    label: str
    icon: str


SECTIONS = (
    Section("sensor-settings", gettext_noop("General"), "settings-2"),
    Section("sensor-quantities", gettext_noop("Kind and quantities"), "gauge"),
    Section("keys", gettext_noop("Keys"), "key-round"),
    Section("sensor-names", gettext_noop("Names"), "pencil"),
    Section("console", gettext_noop("Weather console"), "radio-tower"),
    Section("sensor-polling", gettext_noop("Fetch from an address"), "download"),
    Section("sensor-send-on", gettext_noop("Send on"), "share-2"),
    Section("sensor-quality", gettext_noop("Quality checks"), "shield-check"),
    Section("sensor-exclusions-page", gettext_noop("Excluded readings"), "eye-off"),
    Section("sensor-notes-page", gettext_noop("Notes"), "book-open"),
    Section("sensor-imports", gettext_noop("Import a file"), "plus"),
    Section("sensor-keeping", gettext_noop("Retention"), "history"),
    Section("sensor-shares-page", gettext_noop("Shared links"), "share-2"),
    Section("sensor-hand-over", gettext_noop("Hand over"), "users"),
)


@register.inclusion_tag("sensors/settings/sections.html", takes_context=True)
def sections(context: Context, route: str) -> dict[str, object]:
    """Render the list with the page of this route as the current one; nothing for those who may only read.

    A page that they may open says so by `may_edit` in its context.
    """
    shown = SECTIONS if context.get("may_edit", True) else ()
    return {"sections": shown, "current": route, "sensor": context["sensor"]}

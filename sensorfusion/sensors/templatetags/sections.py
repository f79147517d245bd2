"""The list of sections beside each page of a sensor's settings."""

from dataclasses import dataclass

from django import template
from django.template import Context

register = template.Library()


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the settings: the name of its URL, which takes the sensor's id, and its label and icon in the list."""

    route: str
    label: str
    icon: str


SECTIONS = (
    Section("sensor-settings", "General", "settings-2"),
    Section("sensor-quantities", "Kind and quantities", "gauge"),
    Section("keys", "Keys", "key-round"),
    Section("sensor-names", "Names", "pencil"),
    Section("console", "Weather console", "radio-tower"),
    Section("sensor-polling", "Fetch from an address", "download"),
    Section("sensor-send-on", "Send on", "share-2"),
    Section("sensor-quality", "Quality checks", "shield-check"),
    Section("sensor-exclusions-page", "Excluded readings", "eye-off"),
    Section("sensor-notes-page", "Notes", "book-open"),
    Section("sensor-imports", "Import a file", "plus"),
    Section("sensor-keeping", "Retention", "history"),
    Section("sensor-shares-page", "Shared links", "share-2"),
)


@register.inclusion_tag("sensors/settings/sections.html", takes_context=True)
def sections(context: Context, route: str) -> dict[str, object]:
    """Render the list with the page of this route as the current one; nothing for those who may only read.

    A page that they may open says so by `may_edit` in its context.
    """
    shown = SECTIONS if context.get("may_edit", True) else ()
    return {"sections": shown, "current": route, "sensor": context["sensor"]}

"""The list of the administrators' pages, and how sizes and durations are written on them."""

from typing import Final

from django import template
from django.utils.translation import gettext_lazy

from sensorfusion.domain.quotas.usage import number, size
from sensorfusion.web.values.numbers import localised

register = template.Library()

# The name of the URL, the label, and the icon.
PAGES: Final = (
    ("administration", gettext_lazy("Overview"), "layout-grid"),
    ("administration-operators", gettext_lazy("Operators"), "users"),
    ("administration-invitations", gettext_lazy("Invitations"), "user-plus"),
    ("administration-storage", gettext_lazy("Storage"), "table-2"),
    ("administration-jobs", gettext_lazy("Jobs"), "rotate-cw"),
    ("administration-queues", gettext_lazy("Queues"), "clock"),
    ("administration-quotas", gettext_lazy("Quotas"), "gauge"),
    ("administration-features", gettext_lazy("Features"), "settings-2"),
    ("administration-announcements", gettext_lazy("Announcements"), "info"),
    ("administration-audit", gettext_lazy("Audit log"), "history"),
)


@register.inclusion_tag("administration/sections.html")
def administration_sections(route: str) -> dict[str, object]:
    """Render the list with the page of this route as the current one."""
    return {"pages": PAGES, "current": route}


@register.filter
def as_size(count: int) -> str:
    return localised(size(int(count)))


@register.filter
def as_number(count: int) -> str:
    return localised(number(int(count)))


@register.filter
def as_duration(seconds: float) -> str:
    """Write how long something took: 3 ms, 1.2 s, 4 min."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    return localised(f"{seconds:.1f} s") if seconds < 60 else f"{seconds / 60:.0f} min"

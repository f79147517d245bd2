"""The list of the administrators' pages, and how sizes and durations are written on them."""

from typing import Final

from django import template

from sensorfusion.domain.quotas.usage import number, size

register = template.Library()

# The name of the URL, the label, and the icon.
PAGES: Final = (
    ("administration", "Overview", "layout-grid"),
    ("administration-operators", "Operators", "users"),
    ("administration-storage", "Storage", "table-2"),
    ("administration-jobs", "Jobs", "rotate-cw"),
    ("administration-queues", "Queues", "clock"),
    ("administration-quotas", "Quotas", "gauge"),
    ("administration-features", "Features", "settings-2"),
    ("administration-announcements", "Announcements", "info"),
    ("administration-audit", "Audit log", "history"),
)


@register.inclusion_tag("administration/sections.html")
def administration_sections(route: str) -> dict[str, object]:
    """Render the list with the page of this route as the current one."""
    return {"pages": PAGES, "current": route}


@register.filter
def as_size(count: int) -> str:
    return size(int(count))


@register.filter
def as_number(count: int) -> str:
    return number(int(count))


@register.filter
def as_duration(seconds: float) -> str:
    """Write how long something took: 3 ms, 1.2 s, 4 min."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"

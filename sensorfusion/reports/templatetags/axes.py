"""Template filters of drawings with labels beside them."""

from collections.abc import Iterable
from typing import Any

from django import template

from sensorfusion.reports.charts import labels

register = template.Library()


@register.filter
def room(beside: Iterable[Any]) -> int:
    """Return the steps of margin that labels (or marks with labels) take, for `data-left` and `data-right`."""
    return labels.room(_text(each) for each in beside)


@register.filter
def half_room(across: Iterable[Any]) -> int:
    """Return the steps of margin that labels take which are centred on the ends of a level axis."""
    return labels.room((_text(each) for each in across), share=0.5)


def _text(each: Any) -> str:
    if isinstance(each, str):
        return each
    return str(getattr(each, "label", "") or getattr(each, "text", ""))

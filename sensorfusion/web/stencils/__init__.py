"""Templates of rows, rendered once for each language and choice of empty fields, then filled with text.

In a loop, Django's engine resolves, localises and escapes each variable of each row by itself. Here the template is
rendered with marks in place of the fields, and the escaped texts of a row replace the marks. So a template may write a
field (`{{ row.name }}`) or ask whether it has text (`{% if row.name %}`), and must not do anything else with it. Its
other parts depend on nothing but the language.
"""

from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_START, _END = "\ue000", "\ue001"  # of a mark: in no template, and nothing that is escaped


def filled(template: str, **texts: str) -> SafeString:
    """Return the markup of a row from the texts of its fields; text that is marked as safe is not escaped."""
    pattern = _pattern(template, tuple(texts), tuple(map(bool, texts.values())), get_language())
    return mark_safe(
        pattern % {name: text if isinstance(text, SafeString) else escape(text) for name, text in texts.items()}
    )


@lru_cache(maxsize=1024)
def _pattern(template: str, names: tuple[str, ...], has_text: tuple[bool, ...], _language: str | None) -> str:
    """Return the template with `%(name)s` for each field that has text."""
    fields = zip(names, has_text, strict=True)
    made = render_to_string(template, {"row": {name: f"{_START}{name}{_END}" if has else "" for name, has in fields}})
    return made.replace("%", "%%").replace(_START, "%(").replace(_END, ")s")

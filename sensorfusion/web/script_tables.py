"""Tables shared by the server and the pages' scripts, as JSON in the page: `models/tables.js` reads it."""

import json
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def script_tables() -> SafeString:
    """Render the tables of every function in `SCRIPT_TABLES`, once per process and language."""
    return _rendered(get_language())


@lru_cache(maxsize=32)
def _rendered(language: str | None) -> SafeString:
    tables: dict[str, object] = {}
    for name in settings.SCRIPT_TABLES:
        tables |= import_string(name)()
    text = json.dumps(tables, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return mark_safe(f'<script id="tables" type="application/json">{text}</script>')

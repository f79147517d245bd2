"""The list of a long page's sections, beside them on a wide screen."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

register = template.Library()
_HEADING = re.compile(r'<h2 id="([\w-]+)">\s*([^<]+?)\s*</h2>')


@register.simple_block_tag
def contents(content: str) -> SafeString:
    """Render the sections within, and the list of their headings, in which each leads to its section.

    The list is made from the `<h2 id="…">` of the content itself, so that it has what this reader is shown.
    """
    # Not escaped again: both come out of a template, which has escaped what it was given.
    found = [(name, mark_safe(heading)) for name, heading in _HEADING.findall(content)]
    links = format_html_join("", '<a href="#{}">{}</a>', found)
    return format_html(
        '<div class="settings"><nav class="sections" aria-label="{}">{}</nav><div class="section">{}</div></div>',
        gettext("Sections of this page"),
        links,
        mark_safe(content),
    )

"""What every page's template uses: the import map, entry modules, icons."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from sensorfusion.web import importmap as modules

register = template.Library()


@register.simple_tag
def importmap() -> SafeString:
    """Render the import map; it must come before the first module."""
    # Not escaped: it is JSON made from our own file names, and its bytes are what the policy's hash is of.
    return mark_safe(f'<script type="importmap">{modules.import_map()}</script>')


@register.simple_tag
def entry(name: str) -> SafeString:
    """Load a module of the list, and preload what it imports."""
    preloads = format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}">',
        ((static(modules.MODULES[each]),) for each in modules.needed_by(name)),
    )
    return format_html('{}\n<script type="module" src="{}"></script>', preloads, static(modules.MODULES[name]))


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a symbol of the sprite; it is decoration, so words beside it (or a label on the button) say what it means."""
    sprite = static("vendor/lucide/sprite.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.filter
def initials(operator: object) -> str:
    """Shorten a name to what fits in the avatar: `Ada Lovelace` is AL, `ada@example.org` is A."""
    words = str(operator).partition("@")[0].split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

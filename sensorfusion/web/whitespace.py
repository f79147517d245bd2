"""Removes the white space that indents our templates, once, when a template is loaded.

Templates are written one element a line; the browser gets none of the indentation:

- A line break between two tags, of HTML or of Django, is removed with the white space around it.
- A line break beside words or variables is one space, but for one that only sets the content of an element or block
  off from its tags.
- White space within a line stays; several spaces are one.
- In a tag, a line break is one space.
- `<pre>`, `<textarea>`, `<script>`, `<style>`, HTML comments and `{% verbatim %}` stay as they are.
- `{% translate %}` and `{% blocktranslate %}` are words. In the second a line break is one space, also between tags,
  because `trimmed` makes that of it and catalogues know the text so.

So a space that must show between two elements is written on one line: `<b>21.4</b> <span>°C</span>`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from django.template.base import Origin
from django.template.loaders import app_directories

_PACKAGE: Final = Path(__file__).resolve().parents[1]

# Only HTML's white space, so that a no-break space is a word. Possessive, so that no text causes backtracking.
_TEMPLATE_TAG: Final = r"\{%[^\n]*?%\}|\{\{[^\n]*?\}\}|\{\#[^\n]*?\#\}"
_INSIDE_TAG: Final = rf"""(?>{_TEMPLATE_TAG}|"(?>{_TEMPLATE_TAG}|[^"])*+"|'(?>{_TEMPLATE_TAG}|[^'])*+'|[^"'>])*+>"""
_PARTS: Final = re.compile(
    rf"""
    (?P<space>(?:\s|\{{\#[^\n]*?\#\}})+)
    |(?P<untouched><(?P<element>pre|textarea|script|style)\b{_INSIDE_TAG}.*?</(?P=element)\s*>
        |\{{%\s*verbatim\b[^\n]*?%\}}.*?\{{%\s*endverbatim\b[^\n]*?%\}}|<!--.*?-->)
    |(?P<message>\{{%\s*translate\b[^\n]*?%\}}
        |\{{%\s*blocktranslate\b[^\n]*?%\}}.*?\{{%\s*endblocktranslate\b[^\n]*?%\}})
    |(?P<block>\{{%\s*(?P<name>\w+)[^\n]*?%\}})
    |(?P<close></{_INSIDE_TAG})
    |(?P<open><(?P<tag>[a-zA-Z!][^\s>/{{]*){_INSIDE_TAG})
    |(?P<text>\{{\{{[^\n]*?\}}\}}|[^\s{{<]++|[{{<])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE | re.ASCII,
)
_COMMENT: Final = re.compile(r"\{#[^\n]*?#\}")
_LINE_BREAK: Final = re.compile(r"\s*\n\s*", re.ASCII)
_BEFORE_END: Final = re.compile(r"\s*\n\s*(?=/?>\Z)", re.ASCII)
_MIDDLE: Final = {"else", "elif", "empty"}
_VOID: Final = {"!doctype", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}


class Loader(app_directories.Loader):
    """Loads templates of the applications; the white space of our own pages is condensed."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        path = Path(origin.name)
        return condense(source) if path.suffix == ".html" and path.is_relative_to(_PACKAGE) else source


class _Part(NamedTuple):
    """A piece of a template. `opens` and `closes`: white space after or before it is only indentation."""

    text: str
    kind: str
    opens: bool = False
    closes: bool = False


_END: Final = _Part("", "end", opens=True, closes=True)


def condense(source: str) -> str:
    """Return the template without the white space that only serves readability."""
    parts = list(_parts(source))
    neighbours = zip([_END, *parts], parts, [*parts[1:], _END], strict=False)
    return "".join(_space(*each) if each[1].kind == "space" else each[1].text for each in neighbours)


def _space(before: _Part, space: _Part, after: _Part) -> str:
    if "\n" not in space.text:
        return " " if space.text else ""
    is_beside_words = "text" in (before.kind, after.kind)
    return " " if is_beside_words and not before.opens and not after.closes else ""


def _parts(source: str) -> Iterator[_Part]:
    matches = list(_PARTS.finditer(source))
    ends = {str(match["name"]) for match in matches if match["block"]}
    for match in matches:
        kind, text = str(match.lastgroup), match[0]
        if kind == "space":
            text = _COMMENT.sub("", text)
        elif kind == "message":
            kind, text = "text", _LINE_BREAK.sub(" ", text)
        elif kind == "block":
            yield _block(text, match["name"], ends)
            continue
        elif kind in ("open", "close"):
            text = _LINE_BREAK.sub(" ", _BEFORE_END.sub("", text))
        opens = kind == "open" and match["tag"].lower() not in _VOID and not text.endswith("/>")
        yield _Part(text, kind, opens=opens, closes=kind == "close")


def _block(text: str, name: str, names: set[str]) -> _Part:
    is_middle = name in _MIDDLE
    return _Part(text, "block", opens=is_middle or f"end{name}" in names, closes=is_middle or name.startswith("end"))

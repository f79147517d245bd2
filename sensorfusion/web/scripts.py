"""Bundles all scripts of a page into one file when static files are collected.

Developers work on forty small modules; on a slow connection a phone would have to request each of them, and gzip
compresses small files badly. So everything that `page-*.js` imports is written into one file, in the order in which a
browser would run it: a module that has names beside its exports becomes a function that returns those. Our modules are
written for this: named exports with unique names, no renaming, no top-level await. What a page needs only after an
action is imported with `import()` and is such a file of its own. `docs/decisions/0009-joined-scripts.md` has the
measurements.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

import rjsmin

from sensorfusion.web.languages.scripts import ENGLISH, in_language

Read = Callable[[str], str]

OURS: Final = "sf/"

_IMPORT: Final = re.compile(r'^import (?:(?:\{[^}]*\}|\w+) from )?"([^"]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async )?(?:class|const|function\*?) (\w+))", re.MULTILINE)
# A name at the top of a module that it does not export.
_OWN: Final = re.compile(r"^(?:async )?(?:class|const|let|var|function)\b", re.MULTILINE)


def joined(entry: str, *, read: Read, language: str = ENGLISH) -> str:
    """Return one minified module of `entry`, with its exports, and all our modules that it imports.

    `read` returns a module's text by name; what it marks for translation is written in `language`.

    :raises ValueError: if two modules export the same name.
    """
    read = _in(language, read)
    order = run_order(entry, read=read)
    exports = {name: _EXPORT.findall(read(name)) for name in order}
    names = [each for found in exports.values() for _, each in found]
    twice = {each for each in names if names.count(each) > 1}
    if twice:
        raise ValueError(f"exported by more than one module: {', '.join(sorted(twice))}")
    others = dict.fromkeys(line[0] for name in order for line in _other_imports(read(name)))
    body = "".join(_as_function(read(name), [each for _, each in exports[name]]) for name in order)
    own = ", ".join(each for _, each in exports[entry])
    return "".join([*others, minified(body), "\n", f"export {{ {own} }};\n" if own else ""])


def run_order(entry: str, *, read: Read) -> list[str]:
    """List our modules that `entry` needs, each after those it imports, `entry` last."""
    order: list[str] = []
    begun: set[str] = set()

    def visit(name: str) -> None:
        if name in begun or not name.startswith(OURS):
            return
        begun.add(name)
        for each in _IMPORT.findall(read(name)):
            visit(each)
        order.append(name)

    visit(entry)
    return order


def minified(source: str) -> str:
    """Remove comments and whitespace.

    rjsmin works without a parser: it misreads a template literal inside another, and a regular expression behind `=>`.
    `tests/web/test_scripts.py` compares the syntax tree of every module before and after.
    """
    return str(rjsmin.jsmin(source))


def _in(language: str, read: Read) -> Read:
    return cache(lambda name: in_language(read(name), language))


def _other_imports(source: str) -> list[tuple[str, str]]:
    found = [(match[0], match[1]) for match in _IMPORT.finditer(source)]
    return [(line, name) for line, name in found if not name.startswith(OURS)]


def _as_function(source: str, exports: list[str]) -> str:
    statements = _IMPORT.sub("", source)
    body = _EXPORT.sub(r"\1", statements)
    if exports and not _OWN.search(statements):
        return body  # all its names are exported, so a function would hide nothing
    if not exports:
        return f"{{\n{body}}}\n"
    names = ", ".join(exports)
    return f"const {{ {names} }} = (() => {{\n{body}return {{ {names} }};\n}})();\n"

"""One file for all the scripts of a page, made when static files are collected.

Developers see forty small modules; a phone on a slow line would ask for each of them, and gzip would find little to
share within each. So what `page-*.js` needs is written into it: every module as a function of its own that returns what
the module exports, in the order in which a browser would run them. Our modules are made for it: named exports with
names of their own, no renaming, no module that waits. `docs/decisions/0009-joined-scripts.md` has the measurements.
"""

import re
from collections.abc import Callable
from typing import Final

Read = Callable[[str], str]

OURS: Final = "sf/"

_IMPORT: Final = re.compile(r'^import (?:(?:\{[^}]*\}|\w+) from )?"([^"]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:async )?(?:class|const|function\*?) (\w+))", re.MULTILINE)
# JavaScript in as few kinds as it takes to tell space and comments from what only looks so. In our style a division has
# spaces around it, and a regular expression does not begin with one.
_TOKEN: Final = re.compile(
    r"""
      (?P<text> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|\$\{(?:[^{}]|\{[^{}]*\})*\}|[^`\\])*`
      | /(?![ *=/])(?:\\.|\[[^]\n]*\]|[^/\n[\\])+/ )
    | (?P<gap> (?:\s+ | //[^\n]* | /\*.*?\*/)+ )
    | (?P<word> [\w$#]+ )
    | (?P<sign> . )
    """,
    re.DOTALL | re.VERBOSE,
)
_PRIVATE: Final = re.compile(r"(?<![^.])#[a-z]\w*")  # as a word by itself, or after the dot within a template
_NEEDS_SPACE: Final = re.compile(r"[\w$#] [\w$#]|\+ \+|- -")


def joined(entry: str, *, read: Read) -> str:
    """Write a module and all of ours that it imports as one module; `read` gives the text of a module by its name.

    :raises ValueError: if two modules export the same name.
    """
    order = run_order(entry, read=read)
    exports = {name: _EXPORT.findall(read(name)) for name in order}
    names = [each for found in exports.values() for _, each in found]
    twice = {each for each in names if names.count(each) > 1}
    if twice:
        raise ValueError(f"exported by more than one module: {', '.join(sorted(twice))}")
    others = dict.fromkeys(line[0] for name in order for line in _other_imports(read(name)))
    return "".join([*others, *(_as_function(read(name), [each for _, each in exports[name]]) for name in order)])


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


def lean(source: str) -> str:
    """Leave out comments, space that parts nothing, and the names of what is private to a class."""
    kept: list[str] = []
    names: dict[str, str] = {}
    for match in _TOKEN.finditer(source):
        if match.lastgroup != "gap":
            kept.append(_PRIVATE.sub(lambda found: names.setdefault(found[0], f"#{_letters(len(names))}"), match[0]))
        elif kept and _NEEDS_SPACE.fullmatch(f"{kept[-1][-1]} {source[match.end() : match.end() + 1]}"):
            kept.append(" ")
    return "".join(kept) + "\n"


def _letters(place: int) -> str:
    """Write the name of the nth private thing: a to z, then two letters, and so on."""
    return (_letters(place // 26) if place >= 26 else "") + chr(ord("a") + place % 26)


def _other_imports(source: str) -> list[tuple[str, str]]:
    found = [(match[0], match[1]) for match in _IMPORT.finditer(source)]
    return [(line, name) for line, name in found if not name.startswith(OURS)]


def _as_function(source: str, exports: list[str]) -> str:
    body = lean(_EXPORT.sub(r"\1", _IMPORT.sub("", source)))
    if not exports:
        return f"{{\n{body}}}\n"
    names = ", ".join(exports)
    return f"const {{ {names} }} = (() => {{\n{body}return {{ {names} }};\n}})();\n"

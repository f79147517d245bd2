"""One word per idea, and the field's word: retired names do not come back (docs/glossary.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

# A retired word → the word to use.
RETIRED: Final = {
    "stranger": "unknown credential, rate limit",
    "stray": "unknown name",
    "sighting": "unclaimed console",
    "tally": "state",
    "parcel": "write request",
    "vigil": "liveness monitor",
    "lifeline": "parent death",
    "scrubbing": "redaction",
    "sealing": "encryption",
    "judging": "quality over time",
    "borrowing": "for commands",
    "guessing": "sniffing",
    "understanding": "answer",
}
# These are ordinary words elsewhere; only modules may not be named so.
RETIRED_MODULES: Final = {
    *RETIRED,
    *("strangers", "strays", "sightings", "memory", "lookups", "session", "moved", "exchange", "cover", "composing"),
    *("parts", "settled", "marks", "rolling", "trouble", "trial", "own", "background"),
}
# Where a retired word is an ordinary one.
ORDINARY: Final = {
    "tests/live/test_consumers.py": {"stranger"},
    "tests/security/test_hostile_live.py": {"stranger"},
    "tests/release/test_licences.py": {"stranger"},
}
ORDINARY_MODULES: Final = {"benchmarks/memory.py"}
MODULES: Final = sorted(
    path
    for part in ("sensorfusion", "reference", "tests", "benchmarks")
    for path in (ROOT / part).rglob("*.py")
    if "migrations" not in path.parts
)


_MAYBE: Final = re.compile("|".join(word.removesuffix("y") for word in RETIRED), re.IGNORECASE)


def _words(name: str) -> list[str]:
    """Split an identifier into lower-case words, without a plural s."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return [re.sub(r"(?<=\w)ies$", "y", part.lower()).removesuffix("s") for part in parts]


def _names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module defines: functions, classes, arguments, variables, attributes, aliases."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname


def retired_in(path: Path) -> list[str]:
    source = path.read_text()
    if not _MAYBE.search(source):  # parsing a thousand files takes seconds
        return []
    allowed = ORDINARY.get(str(path.relative_to(ROOT)), set())
    names = {name for name in _names(ast.parse(source)) if not name.startswith("test_")}
    singular = {_words(word)[0]: word for word in RETIRED}
    found = {(name, singular[word]) for name in names for word in _words(name) if word in singular}
    return sorted(f"{name}: say {RETIRED[word]}" for name, word in found if word not in allowed)


def test_words_that_were_given_up_are_found() -> None:
    names = "class StraySightings: ...\ntallies = parcel_of(a)\ndef f(vigil): ..."

    assert sorted(set(_names(ast.parse(names)))) == ["StraySightings", "f", "tallies", "vigil"]
    assert _words("StraySightings") == ["stray", "sighting"]
    assert _words("tallies") == ["tally"]


def test_no_module_gives_a_name_that_was_given_up() -> None:
    assert {str(path.relative_to(ROOT)): names for path in MODULES if (names := retired_in(path))} == {}


def test_no_module_has_a_name_that_was_given_up() -> None:
    stems = {str(path.relative_to(ROOT)): path.stem.removeprefix("test_") for path in MODULES}

    assert {path for path, stem in stems.items() if stem in RETIRED_MODULES} == ORDINARY_MODULES


# Words of a private English that the style guide replaces (STYLE.md, "English").
UNPLAIN: Final = re.compile(r"(?<![a-z])(nobody|somebody|whoever|anew|who asks)(?![a-z])", re.IGNORECASE)
TEXTS: Final = sorted(
    path
    for pattern in ("*.py", "*.js", "*.html", "*.css")
    for path in (ROOT / "sensorfusion").rglob(pattern)
    if not {"migrations", "vendor"} & set(path.parts)
)
DOCUMENTS: Final = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in ("README.md", "ARCHITECTURE.md"))]


def test_texts_are_plain_english() -> None:
    assert [line for path in [*TEXTS, *DOCUMENTS] for line in _unplain(path)] == []


def _unplain(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [f"{path.relative_to(ROOT)}:{n}: {line.strip()}" for n, line in enumerate(lines, 1) if UNPLAIN.search(line)]

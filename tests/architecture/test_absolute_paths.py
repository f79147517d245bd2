"""No page, script or style sheet names a path from the root of the host: PUBLIC_URL may have a path of its own.

Templates use `{% url %}`, `{% static %}` and `{% root %}`, Python `reverse` and `web.addresses.full_path`, and scripts
the addresses that the page gives them. `tests/cases/test_sub_path.py` follows all addresses behind a real proxy.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensorfusion.config.public_url import OUR_FIRST_WORDS

PACKAGE = Path(__file__).parents[2] / "sensorfusion"
IN_TEMPLATES = re.compile(r"""[\w-]+\s*=\s*["']/(?![/>])""")
# What begins like one of our addresses, or is given to something that requests it.
IN_SCRIPTS = re.compile(
    rf"""["'`]/(?:{"|".join(map(re.escape, sorted(OUR_FIRST_WORDS)))})\b|path=/[;"'`]"""
    r"""|\b(?:fetch|WebSocket|EventSource|URL|assign|replace|open|import|sendBeacon)\(\s*["'`]/"""
    r"""|\b(?:href|src|action|location)\s*=\s*["'`]/"""
)
IN_STYLES = re.compile(r"""(?:url\(|@import)\s*["']?/""")
OURS = re.compile(rf"/(?:{'|'.join(map(re.escape, sorted(OUR_FIRST_WORDS)))})(?![\w.-])")
# Modules that see requests after the path was removed, or that send them to this machine.
WITHOUT_THE_PATH = {
    "clients/micropython/sensorfusion.py": "after the path of the address it was given",
    "clients/python/sensorfusion_client.py": "after the path of the address it was given",
    "clients/python/sensorfusion_reader.py": "after the path of the address it was given",
    "command_line/checks_by_use.py": "asks the server on this machine",
    "demo/replay.py": "sends to this machine",
    "mcp/figures.py": "after the path of the address it was given",
    "mcp/platform.py": "after the path of the address it was given",
    "server/page_bodies.py": "compares paths of requests",
    "server/health.py": "compares paths of requests",
    "web/languages/__init__.py": "compares paths of requests",
    "web/problems.py": "compares paths of requests",
    "web/sockets/refused_sockets.py": "says where sockets are",
    "web/security.py": "compares paths of requests",
}


def files(*kinds: str) -> list[Path]:
    found = [path for kind in kinds for path in PACKAGE.rglob(f"*.{kind}")]
    return sorted(path for path in found if "vendor" not in path.parts)


def found_in(text: str, pattern: re.Pattern[str]) -> list[str]:
    return [f"line {text.count(chr(10), 0, match.start()) + 1}: {match[0]}" for match in pattern.finditer(text)]


@pytest.mark.parametrize(
    ("pattern", "kinds"),
    [(IN_TEMPLATES, ("html",)), (IN_SCRIPTS, ("js", "html")), (IN_STYLES, ("css", "html"))],
    ids=["templates", "scripts", "styles"],
)
def test_no_path_begins_at_the_root_of_the_host(pattern: re.Pattern[str], kinds: tuple[str, ...]) -> None:
    wrong = {str(path.relative_to(PACKAGE)): found_in(path.read_text(), pattern) for path in files(*kinds)}

    assert not {path: found for path, found in wrong.items() if found}


def test_python_builds_no_path_by_itself() -> None:
    wrong = {}
    for path in files("py"):
        name = path.relative_to(PACKAGE).as_posix()
        if name not in WITHOUT_THE_PATH and OURS.search(text := path.read_text()):
            wrong[name] = list(_paths(ast.parse(text)))

    assert not {name: found for name, found in wrong.items() if found}


def test_listed_modules_have_such_paths() -> None:
    for name in WITHOUT_THE_PATH:
        assert OURS.search((PACKAGE / name).read_text()), name


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ('<a href="/sensors/">', IN_TEMPLATES),
        ("<form action='/sign-out/'>", IN_TEMPLATES),
        ('<html data-root="/">', IN_TEMPLATES),
        ('fetch("/x")', IN_SCRIPTS),
        ("fetch(`/${path}`)", IN_SCRIPTS),
        ('new WebSocket("/live")', IN_SCRIPTS),
        ('const path = "/ws/live/";', IN_SCRIPTS),
        ("document.cookie = `theme=dark; path=/; secure`;", IN_SCRIPTS),
        ('location = "/"', IN_SCRIPTS),
        ('src: url("/static/a.woff2")', IN_STYLES),
    ],
)
def test_pattern_recognises_what_is_refused(line: str, pattern: re.Pattern[str]) -> None:
    assert found_in(line, pattern)


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [
        ('path = "/ws/live/"', True),
        ('path = f"/sensors/{uuid}/"', True),
        ('path = full_path("/ws/live/")', False),
        ('path = f"{address}/sensors/{uuid}/"', False),
        ('"""Docstring of /sensors/."""', False),
        ('path = "/tmp/sensors"', False),
    ],
)
def test_python_that_is_refused_is_recognised(code: str, is_refused: bool) -> None:
    assert bool(list(_paths(ast.parse(code)))) == is_refused


def _paths(tree: ast.AST) -> Iterator[str]:
    """Yield texts that begin like our addresses, but for arguments of `full_path` and what follows another text."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Call(func=ast.Name(id="full_path")):
                continue
            case ast.JoinedStr(values=[ast.Constant() as first, *_]):
                yield from _in_text(first)
            case ast.JoinedStr():
                continue
            case ast.Constant(value=str()):
                yield from _in_text(node)
            case _:
                yield from _paths(node)


def _in_text(node: ast.Constant) -> Iterator[str]:
    if isinstance(node.value, str) and OURS.match(node.value):
        yield f"line {node.lineno}: {node.value!r}"

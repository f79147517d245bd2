"""Every error code of the doors and the live stream is listed in the one table of errors."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sensorfusion
from sensorfusion.domain.errors import ERRORS

ROOT = Path(sensorfusion.__file__).parent
# Position of the argument that is a code.
CALLED = {
    "RequestRefused": 0,
    "Refusal": 0,
    "RefusedValue": 1,
    "_Problem": 0,
    "BadInstant": 0,
    "BadMessage": 0,
    "Rejected": 2,
    "error": 0,
}


def codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=given) if name in CALLED:
                yield from _texts(given[CALLED[name] : CALLED[name] + 1])
            case ast.Dict(keys=names, values=values):
                for key, value in zip(names, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "code":
                        yield from _texts([value])
            case ast.keyword(arg="problem", value=ast.Tuple(elts=[code, *_])):
                yield from _texts([code])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield node.value


def test_every_code_in_use_is_in_the_table() -> None:
    used: dict[str, str] = {}
    for package in ("domain", "ingest", "live", "accounts", "sensors"):
        for path in (ROOT / package).rglob("*.py"):
            used |= dict.fromkeys(codes_in(ast.parse(path.read_text(encoding="utf-8"))), path.name)

    assert {code: name for code, name in used.items() if code not in ERRORS} == {}
    assert {"unknown_field", "method_not_allowed", "access_revoked", "in_the_future", "nothing_usable"} <= used.keys()

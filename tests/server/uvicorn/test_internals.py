"""The list of uvicorn's names is complete and has no unused entries, compared with the modules' code."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensorfusion.server.uvicorn import internals
from sensorfusion.server.uvicorn.checks import set_attributes
from sensorfusion.server.uvicorn.internals import NAMES, Module

PACKAGE = Path(internals.__file__).parent
# Documented at https://www.uvicorn.org/ under "Settings" and "Deployment".
DOCUMENTED = {"uvicorn:Config", "uvicorn:Server"}
# Also members of dictionaries, our own names, and documented ones that uvicorn's classes share.
COINCIDENCES: dict[Module, set[str]] = {
    "http": {"get", "__init__", "body", "args", "clear", "__context__"},
    "websocket": {"setdefault", "clear"},
    "run": {"http", "serve", "workers", "run", "__init__"},
    "workers": {"start", "kill"},  # of a timer and of a process of `multiprocessing`
}


# A module whose names are listed with those of the one that imports it.
PARTS = {"http": ("http", "fast_request")}


def nodes(module: str) -> Iterator[ast.AST]:
    for part in PARTS.get(module, (module,)):
        yield from ast.walk(ast.parse((PACKAGE / f"{part}.py").read_text(encoding="utf-8")))


def imported(module: Module) -> set[str]:
    """Return the names that a module imports from uvicorn, and those it uses of the package itself."""
    found = set()
    for node in nodes(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "uvicorn":
            found |= {f"{node.module}:{each.name}" for each in node.names}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "uvicorn":
            found.add(f"uvicorn:{node.attr}")
    return found


def used(module: Module) -> set[str]:
    """Return all attributes that a module reads or writes, and all members of its classes."""
    found = set()
    for node in nodes(module):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        if isinstance(node, ast.In):
            found.add("__contains__")
        if isinstance(node, ast.ClassDef) and node.bases:
            found |= set(members(node))
    return found


def members(node: ast.ClassDef) -> Iterator[str]:
    for member in node.body:
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
            yield member.name
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            yield member.target.id


def of_uvicorn(module: Module) -> set[str]:
    """Return all attributes of the classes whose names a module uses."""
    found: set[str] = set()
    for owner in {name.owner.partition(":")[0] for name in NAMES[module]}:
        for _, each in inspect.getmembers(importlib.import_module(owner), inspect.isclass):
            if each.__module__.startswith(("uvicorn", "httptools")):
                found |= {name for base in each.__mro__[:-1] for name in vars(base)} | set_attributes(each)
    return found


@pytest.mark.parametrize("module", NAMES)
def test_every_import_from_uvicorn_is_listed_or_documented(module: Module) -> None:
    listed = {str(name) for name in NAMES[module] if ":" not in name.owner}

    assert imported(module) - DOCUMENTED == listed


@pytest.mark.parametrize("module", NAMES)
def test_every_attribute_of_uvicorn_s_objects_is_listed_and_no_other(module: Module) -> None:
    listed = {name.name for name in NAMES[module] if ":" in name.owner}

    assert used(module) & of_uvicorn(module) - COINCIDENCES.get(module, set()) == listed


def test_no_other_module_of_the_package_takes_more_than_what_is_documented() -> None:
    others = {path.stem for path in PACKAGE.glob("*.py")} - NAMES.keys() - {"fast_request"}

    assert others >= {"checks", "internals", "protocols"}
    assert {name for each in others for name in imported(each)} <= {"uvicorn:__version__"}  # type: ignore[arg-type]

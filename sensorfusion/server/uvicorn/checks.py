"""Checks that the installed uvicorn has the names that `internals.py` lists, with the expected parameters."""

import dis
import functools
import importlib
import inspect
from typing import Any

from sensorfusion.server.uvicorn.internals import NAMES, Module, Name


def faults(module: Module) -> list[str]:
    """Describe what a module of this package needs and this uvicorn lacks; empty if nothing is missing."""
    return list(dict.fromkeys(fault for name in NAMES[module] if (fault := _fault(name))))


def _fault(name: Name) -> str:
    try:
        owner = _owner(name)
    except (ImportError, AttributeError):
        return f"{name.owner} is missing"
    if hasattr(owner, name.name):
        return _difference(name, getattr(owner, name.name))
    is_set = isinstance(owner, type) and name.takes is None and name.name in _set_attributes(owner)
    return "" if is_set else f"{name} is missing"


def _owner(name: Name) -> Any:
    module, _, class_name = name.owner.partition(":")
    imported = importlib.import_module(module)
    return getattr(imported, class_name) if class_name else imported


def _difference(name: Name, found: Any) -> str:
    """Compare the parameters, if they can be inspected: httptools' functions are compiled."""
    if name.takes is None:
        return ""
    try:
        _, *takes = inspect.signature(found).parameters
    except (TypeError, ValueError):
        return "" if callable(found) else f"{name} cannot be called"
    if tuple(takes) == name.takes:
        return ""
    return f"{name} takes ({', '.join(takes)}) instead of ({', '.join(name.takes)})"


def set_attributes(owner: type) -> set[str]:
    """Return the attributes that the methods of a class set."""
    return {
        str(step.argval)
        for each in owner.__mro__
        for member in vars(each).values()
        if inspect.isfunction(member)
        for step in dis.get_instructions(member)
        if step.opname == "STORE_ATTR"
    }


_set_attributes = functools.cache(set_attributes)  # several names are looked up per class

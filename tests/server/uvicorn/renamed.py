"""A uvicorn of another version, in which something has another name: its own source, with that replaced throughout."""

import importlib.util
import re
import sys
from pathlib import Path


def rename(module: str, old: str, new: str) -> None:
    """Import a module with another name in the place of one; not what imports it, if it is imported already."""
    spec = importlib.util.find_spec(module)
    assert spec
    assert spec.origin
    changed = importlib.util.module_from_spec(spec)
    sys.modules[module] = changed
    source = Path(spec.origin).read_text(encoding="utf-8")
    exec(compile(re.sub(rf"\b{old}\b", new, source), spec.origin, "exec"), vars(changed))
    package, _, name = module.rpartition(".")
    setattr(sys.modules[package], name, changed)


def prevent_import(module: str) -> None:
    """Let the import of a module fail."""
    sys.modules[module] = None  # type: ignore[assignment]  # Python's own sign that it cannot be imported

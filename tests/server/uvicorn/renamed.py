"""A uvicorn of another version, simulated by renaming something throughout its source."""

import importlib.util
import re
import sys
from pathlib import Path


def rename(module: str, old: str, new: str) -> None:
    """Import a module with a name replaced; modules that have already imported it keep the old one."""
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
    """Make the import of a module fail."""
    sys.modules[module] = None  # type: ignore[assignment]  # Python's own sign that it cannot be imported

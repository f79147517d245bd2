"""Which migrations a database lacks, by their names: their modules are imported only where some are to be applied."""

import hashlib
import pkgutil
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

import psycopg
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

Name = tuple[str, str]  # of the app, and of the migration


def installed() -> set[Name]:
    """Return the migrations of all installed apps."""
    return {(app.label, name) for app in apps.get_app_configs() for name in _files(app.label)}


def pending(link: psycopg.Connection[Any]) -> set[Name]:
    """Return the migrations that were not applied to a database."""
    return installed() if is_new(link) else installed() - set(link.execute("SELECT app, name FROM django_migrations"))


def is_new(link: psycopg.Connection[Any]) -> bool:
    """Return whether no migration was ever applied to a database."""
    return link.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,)


def digest(names: Iterable[Name]) -> str:
    """Return a short text that differs for other migrations."""
    return hashlib.sha256("\n".join(".".join(name) for name in sorted(names)).encode()).hexdigest()


def _files(label: str) -> list[str]:
    module, _ = MigrationLoader.migrations_module(label)
    try:
        spec = find_spec(module) if module else None
    except ModuleNotFoundError:  # of an app whose package is a module
        spec = None
    folders = spec.submodule_search_locations if spec else None
    return [each.name for each in pkgutil.iter_modules(folders) if not each.ispkg] if folders else []

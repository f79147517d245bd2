"""Connection parameters for use outside Django's connection handling."""

from django.db import connections
from psycopg.conninfo import make_conninfo


def conninfo() -> str:
    """Return the connection string of Django's default database (under test: of the test database).

    It has the same parameters as Django's own connections; their time zone comes from PGTZ (`config/settings.py`).
    """
    settings = connections["default"].settings_dict
    options = {name: value for name, value in settings["OPTIONS"].items() if name not in ("pool", "prepare_threshold")}
    return make_conninfo(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        **options,
    )

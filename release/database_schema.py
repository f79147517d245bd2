"""Records the statements of all migrations: `python -m release.database_schema`, called by `make schema`.

They are executed on a new database of a server that is started for them. What only reads is left out: on a new database
no migration decides anything by what it finds there.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import django

_READS: Final = ("SELECT", "WITH")
_APPLIED: Final = 'INSERT INTO "django_migrations"'


def main() -> None:
    """Write `new_database.sql`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    with tempfile.TemporaryDirectory() as data:
        os.environ["SENSORFUSION_DATA"] = data
        django.setup()
        from sensorfusion.postgres.embedded import EmbeddedPostgres
        from sensorfusion.server.preparation import database
        from sensorfusion.server.preparation.new_database import RECORDED, heading

        server = EmbeddedPostgres(Path(data))
        try:
            database.use(server.start(wait=True))
            RECORDED.write_text(heading() + "".join(statements()), encoding="utf-8")
            database.release_connections()
        finally:
            server.stop()


def statements() -> Iterator[str]:
    """Apply all migrations to the database of the settings, and yield what changes it."""
    from django.core.management import call_command
    from django.db import connection

    said: list[str] = []

    def heard(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        assert not many
        said.append(_written(context["cursor"].cursor, str(sql), parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(heard):
        call_command("migrate", verbosity=0, interactive=False)
    yield from (f"{each};\n" for each in said if each and not each.upper().startswith(_READS))


def _written(cursor: Any, sql: str, parameters: Any) -> str:
    if sql.startswith(_APPLIED):
        app, name, _ = parameters
        return f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', now())"
    text: str = cursor.mogrify(sql, parameters) if parameters else sql
    return text.strip().removesuffix(";").rstrip()


if __name__ == "__main__":
    main()

"""A child process: asks some addresses inside of the process, and prints the plan of every query that they make."""

import os
import sys
from typing import Any

import django
from psycopg.sql import Composable


def main(paths: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    django.setup()
    from django.db import connection
    from django.test import Client

    from benchmarks.prepare import OPERATOR
    from sensorfusion.accounts.models import Operator

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Operator.objects.get(email=OPERATOR))
    for path in paths:
        made: list[tuple[Any, Any]] = []

        def note(execute: Any, sql: Any, params: Any, many: bool, context: Any, made: Any = made) -> Any:
            made.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            answer = client.get(path)
        print(f"\n# {path}: {answer.status_code}, {len(made)} queries")
        for sql, params in made:
            _explain(sql, params)


def _explain(sql: Any, params: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        text = sql.as_string(cursor.connection) if isinstance(sql, Composable) else str(sql)
        if " reading" not in text and "rollup_" not in text:
            return  # who asks, and whether they may
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, SUMMARY) {text}", params)
        print("\n" + "\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    main(sys.argv[1:])

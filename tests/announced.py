"""Announcements of a piece of code, from the NOTIFY statements it runs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def announced() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Return (kind, fields) of everything announced inside the block, in order."""
    heard: list[tuple[str, dict[str, Any]]] = []
    with CaptureQueriesContext(connection) as queries:
        yield heard
    for query in queries.captured_queries:
        if (query["sql"] or "").startswith("SELECT pg_notify("):  # None: a statement that was prepared before
            fields = json.loads(query["sql"].split(", ", 1)[1].rstrip(")").strip("'"))
            heard.append((fields.pop("kind"), fields))

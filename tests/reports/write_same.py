"""Writes `tests/js/same.json`: `make same`."""

import django

django.setup()  # before anything that imports models

from tests.reports.same_words import FILE, text  # noqa: E402

FILE.write_text(text(), encoding="utf-8")

"""Writes `tests/js/same.json` and its kin in other languages: `make same`."""

import django

django.setup()  # before anything that imports models

from tests.reports.same_words import FILES, text  # noqa: E402

for language, file in FILES.items():
    file.write_text(text(language), encoding="utf-8")

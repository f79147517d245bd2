"""Tries to claim a console are counted in the cache, which is cleared before every test."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    cache.clear()

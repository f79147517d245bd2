"""Attempts are counted in the cache, which is cleared before every test."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()

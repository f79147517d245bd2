from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests.conftest import Cast
from tests.reports.weather import observe

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize("span", ["", "?r=6h", "?r=30d", "?r=1y", "?day=2026-11-20"])
def test_a_report_asks_once_what_is_known_and_which_charts_are_crowded(cast: Cast, span: str) -> None:
    observe(cast.sensor, until=NOON - timedelta(minutes=10), hours=24 * 40)
    client = Client()
    client.force_login(cast.owner)

    texts: list[str] = []

    def note(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        texts.append(str(sql))
        return execute(sql, *rest)

    with time_machine.travel(NOON, tick=False), connection.execute_wrapper(note):
        assert client.get(f"/sensors/{cast.sensor.uuid}/{span}").status_code == 200

    # One more asks for the days that are not kept yet: all of them here, where no chore has run.
    assert len([text for text in texts if "state.rolled_up_until, state.raw_kept_from" in text]) == 2
    assert len([text for text in texts if "raw_kept_from >" in text]) == 1

import json
from datetime import UTC, datetime

import pytest

from tests.cases import player

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("placeholder", "text"),
    [
        ("{{epoch:-60}}", "1795327140"),
        ("{{epochtext:0}}", "1795327200"),
        ("{{epochms:1}}", "1795327201000"),
        ("{{iso:-3600}}", "2026-11-22T05:00:00Z"),
        ("{{local:0}}", "2026-11-22T06:00:00"),
        ("{{localsp:0}}", "2026-11-22 06:00:00"),
        ("{{console:32400}}", "2026-11-22+15:00:00"),
    ],
)
def test_placeholders_are_times_from_now(placeholder: str, text: str) -> None:
    assert player.filled(f"a{placeholder}b", NOW) == f"a{text}b"


def test_a_request_has_the_key_and_keeps_quotes() -> None:
    request = player.request("telemetry/numbers-in-text.http", key="sf_k", now=NOW)

    assert (request.method, request.path) == ("POST", "/api/v1/sf_k/telemetry?detail=1")
    assert json.loads(request.body)["ts"] == "1795327140000"


def test_messages_have_numbers_where_quotes_only_hold_a_place() -> None:
    first, second = player.messages("mqtt/rtl433-unix-time.jsonl", now=NOW)

    assert first == second
    assert json.loads(first.payload)["time"] == "1795326000"

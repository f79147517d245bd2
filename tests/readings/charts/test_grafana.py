"""The request of docs/grafana.md, as Grafana's Infinity data source sends it, and the columns it is told to read."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from sensorfusion.accounts.models import TokenScope
from tests.clients import client_of
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db
DOCUMENT = (Path(__file__).parents[3] / "docs" / "grafana.md").read_text(encoding="utf-8")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
[ADDRESS] = re.findall(r"^https://\S+/series\?\S+$", DOCUMENT, re.MULTILINE)


def asked(cast: Cast, *, start: datetime, end: datetime) -> list[list[str]]:
    """Ask as Grafana does, with the range of the panel in place of its macros, and return the rows."""
    address = urlsplit(ADDRESS)
    query = dict(parse_qsl(address.query))
    query["from"] = query["from"].replace("${__from:date:seconds}", str(int(start.timestamp())))
    query["to"] = query["to"].replace("${__to:date:seconds}", str(int(end.timestamp())))
    path = re.sub(r"[0-9a-f-]{36}", str(cast.sensor.uuid), address.path)
    answer = client_of(cast.owner, scope=TokenScope.READ).get(path, query)
    assert answer.status_code == 200, answer.content
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_columns_have_the_names_that_the_document_says(cast: Cast) -> None:
    store(cast.sensor, [(NOON + timedelta(minutes=5 * step), {"temperature": 1.5, "rain": 0.2}) for step in range(24)])

    head, *rows = asked(cast, start=NOON, end=NOON + timedelta(hours=3))

    named = re.findall(r"`([a-z_]+ \([^)]+\))`", DOCUMENT)
    assert {"time (UTC)", "temperature_mean (°C)", "rain_sum (mm)"} == set(named)
    assert set(named) <= set(head)
    columns = dict(zip(head, zip(*rows, strict=True), strict=True))
    assert columns["time (UTC)"] == ("2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z")
    assert columns["temperature_mean (°C)"] == ("1.5", "1.5")
    assert columns["rain_sum (mm)"] == ("2.4", "2.4")

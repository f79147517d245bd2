"""The notes of a sensor as a file beside its readings: what is in it, and who may have it."""

import csv
import io
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import AsyncClient, Client

from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.readings.export.test_api import HOURS, address, client_of_member, content
from tests.storing import store

__all__ = ["client_of_member"]

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = "from=2026-11-20T01:00:00Z&to=2026-11-20T03:00:00Z"


@pytest.fixture
def noted(cast: Cast) -> Cast:
    """Three notes: a span that reaches into `SPAN`, an instant in it, and one that is later."""
    given: dict[str, Any] = {"by": cast.owner, "sensor": cast.sensor, "now": HOURS[4]}
    make_note(starts_at=HOURS[0], ends_at=HOURS[2], text="=SUM(A1), moved\nnorth", kind="moved", **given)
    make_note(starts_at=HOURS[1], text="Cleaned", **given)
    make_note(starts_at=HOURS[4], text="Later", **given)
    return cast


async def test_csv_has_the_notes_that_touch_the_span_and_no_formulas(
    noted: Cast, client_of_member: AsyncClient
) -> None:
    response = await client_of_member.get(address(noted, f"?of=notes&{SPAN}"))

    rows = list(csv.reader(io.StringIO((await content(response)).decode(), newline="")))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="Orchard-station-notes.csv"'
    assert rows == [
        ["sensor", "start", "end", "kind", "text"],
        ["Orchard station", "2026-11-20T00:00:00Z", "2026-11-20T02:00:00Z", "moved", "'=SUM(A1), moved\nnorth"],
        ["Orchard station", "2026-11-20T01:00:00Z", "", "note", "Cleaned"],
    ]


async def test_ndjson_has_a_note_on_each_line(noted: Cast, client_of_member: AsyncClient) -> None:
    found = await content(await client_of_member.get(address(noted, f"?of=notes&format=ndjson&{SPAN}")))

    first, second = (json.loads(line) for line in found.splitlines())
    assert first["text"] == "=SUM(A1), moved\nnorth"
    assert second == {
        "sensor": "Orchard station",
        "kind": "note",
        "text": "Cleaned",
        "start": "2026-11-20T01:00:00Z",
        "end": None,
    }


@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_notes_do_not_change_the_file_of_the_readings(
    cast: Cast, client_of_member: AsyncClient, form: str
) -> None:
    before = await content(await client_of_member.get(address(cast, f"?format={form}")))
    await Note.objects.acreate(
        sensor=cast.sensor,
        made_by=cast.owner,
        made_at=HOURS[4],
        changed_at=HOURS[4],
        starts_at=HOURS[1],
        text="Cleaned",
    )

    assert await content(await client_of_member.get(address(cast, f"?format={form}"))) == before


def test_to_an_outsider_there_is_no_such_file(noted: Cast, client: Client) -> None:
    client.force_login(noted.outsider)

    assert client.get(address(noted, "?of=notes")).status_code == 404


@pytest.mark.parametrize("query", ["?of=secrets", "?of=notes&format=parquet"])
def test_what_is_no_file_of_notes_is_refused(noted: Cast, client: Client, query: str) -> None:
    client.force_login(noted.member)

    response = client.get(address(noted, query))

    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_the_command_writes_the_notes_of_a_site(noted: Cast, tmp_path: Path) -> None:
    shed = Sensor.objects.create(site=noted.site, name="A shed", status="active")
    store(shed, [(datetime(2026, 11, 20, tzinfo=UTC), {"temperature": 1})])
    make_note(by=noted.owner, sensor=shed, starts_at=HOURS[0], text="Door shut", now=HOURS[4])
    told = StringIO()

    call_command("export_readings", "--site", noted.site.name, "--notes", "-o", str(tmp_path / "n.csv"), stderr=told)

    with (tmp_path / "n.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["Door shut", "'=SUM(A1), moved\nnorth", "Cleaned", "Later"]
    assert "4 notes of 2 sensors" in told.getvalue()


def test_the_command_refuses_parquet(noted: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="csv or ndjson"):
        call_command("export_readings", "--site", noted.site.name, "--notes", "-o", str(tmp_path / "n.parquet"))

"""Importing a file from a page: permissions, the preview, the import, and its result."""

import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from sensorfusion.clock import utc_now
from sensorfusion.ingest.files import spool, uploads
from sensorfusion.ingest.files.loading import Interrupted
from sensorfusion.ingest.models import FileImport, ImportState, Mapping
from sensorfusion.readings.models import Reading
from tests.conftest import Cast
from tests.ingest.conftest import at
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (
    "When,Temp (°F),Humid,Note",
    "2026-11-20 07:00,50,60,dry",
    "2026-11-20 08:00,59,NA,",
    "2026-11-20 09:00,5000,61,hot",
    "soon,50,60,",
)
MAPPING = {"time_column": "When", "time_zone": "Europe/Warsaw", "quantity-1": "temperature", "unit-1": "°F"}


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "spool"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return tmp_path / "spool" / "imports"


@pytest.fixture(autouse=True)
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait for the threads of the test, so that none outlives it."""
    monkeypatch.setattr(uploads, "REST_AT_MOST_S", 0.0)
    yield
    ended()


def ended() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("import "):
            thread.join(PATIENCE_S)


@pytest.fixture
def editor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor)
    return client


def upload(client: Client, cast: Cast, content: str = "\n".join(ROWS), name: str = "garden.csv") -> Any:
    return client.post(f"/sensors/{cast.sensor.uuid}/import/", {"file": SimpleUploadedFile(name, content.encode())})


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def stored() -> list[Any]:
    return list(Reading.objects.order_by("observed_at").values_list("observed_at", "values"))


# Permissions


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404)])
def test_only_editors_may_import(cast: Cast, client: Client, place: Path, who: str, status: int) -> None:
    client.force_login(cast.editor)
    made = upload(client, cast)["Location"]
    client.force_login(getattr(cast, who))

    assert client.get(f"/sensors/{cast.sensor.uuid}/import/").status_code == status
    assert upload(client, cast).status_code == status
    for address in (made, f"{made}refused.csv"):
        assert client.get(address).status_code == status
    for address in (made, f"{made}discard/"):
        assert client.post(address, {**MAPPING, "action": "start"}).status_code == status
    assert len(list(place.iterdir())) == 1
    assert not stored()


def test_an_import_is_found_at_its_own_sensor_only(cast: Cast, editor: Client) -> None:
    made = upload(editor, cast)["Location"]
    editor.force_login(cast.outsider)

    assert editor.get(made.replace(str(cast.sensor.uuid), str(cast.other_sensor.uuid))).status_code == 404


# Preview


def test_a_file_is_shown_as_its_columns_names_say(cast: Cast, editor: Client) -> None:
    text = page(editor, upload(editor, cast)["Location"])

    assert "20 Nov 2026 07:00:00 CET" in text
    assert "temperature 10.0 °C, humidity 60.0 %" in text
    assert "above the highest possible temperature" in text
    assert 'value="temperature"' in text
    assert 'value="°F"' in text
    assert not stored()


def test_another_mapping_is_looked_at_before_it_is_used(cast: Cast, editor: Client) -> None:
    made = upload(editor, cast)["Location"]

    text = editor.post(made, {**MAPPING, "quantity-2": "soil_moisture", "action": "look"}).content.decode()

    assert "soil_moisture 60.0 %" in text
    assert FileImport.objects.get().state == ImportState.WAITING
    assert not stored()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit-1": "mph"}, "temperature is kept in Cel"),
        ({"quantity-1": ""}, "Enter a quantity for at least one column."),
        ({"time_zone": "Nowhere"}, "There is no time zone"),
        ({"time_column": "Then"}, "choose one of the options"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_in_words(
    cast: Cast, editor: Client, change: dict[str, str], said: str
) -> None:
    made = upload(editor, cast)["Location"]

    response = editor.post(made, {**MAPPING, **change, "action": "start"})

    assert response.status_code == 400
    assert said in response.content.decode()
    assert FileImport.objects.get().state == ImportState.WAITING


def test_a_file_that_cannot_be_read_says_so_by_its_own_name(cast: Cast, editor: Client) -> None:
    text = page(editor, upload(editor, cast, "[1, 2]", "list.json")["Location"])

    assert "list.json holds no JSON objects" in text
    assert "Import it" not in text


def test_no_file_is_asked_for_again(cast: Cast, editor: Client) -> None:
    response = editor.post(f"/sensors/{cast.sensor.uuid}/import/")

    assert response.status_code == 400
    assert not FileImport.objects.exists()


# Import


def test_an_import_of_nothing_does_not_say_imported(cast: Cast, editor: Client) -> None:
    done = {"state": ImportState.DONE, "file_name": "garden.csv", "rows": 3}
    made = FileImport.objects.create(sensor=cast.sensor, **done)
    address = f"/sensors/{cast.sensor.uuid}/import/{made.uuid}/"

    assert "Nothing was imported: no row could be used." in page(editor, address)
    assert "Imported." not in page(editor, address)
    FileImport.objects.update(duplicates=3)
    assert "Nothing new: all that could be used was stored already." in page(editor, address)


def test_a_recognised_form_of_dates_is_named(cast: Cast, editor: Client) -> None:
    rows = ["when,temperature", *(f"{day}.11.2026 06:00,4.{day}" for day in range(13, 20))]

    text = page(editor, upload(editor, cast, "\n".join(rows))["Location"])

    assert "Times are read as 29.11.2026 14:30 is written." in text
    assert 'list="time-forms"' in text


def test_a_file_without_a_usable_row_is_looked_at_first(cast: Cast, editor: Client) -> None:
    text = page(editor, upload(editor, cast, "when,temperature\nyesterday,4\ntoday,5")["Location"])

    assert re.search(r'class="button main"[^>]* value="look"', text)
    assert "--map" not in text


def test_a_file_is_loaded_and_removed_and_its_mapping_remembered(cast: Cast, editor: Client, place: Path) -> None:
    made = upload(editor, cast)["Location"]

    assert editor.post(made, {**MAPPING, "action": "start"})["Location"] == made
    ended()
    text = page(editor, made)

    assert stored() == [(at(6), {"temperature": 10.0}), (at(7), {"temperature": 15.0})]
    for claim in ("Rows read</th><td>4", "Stored</th><td>2", "Refused</th><td>2", "Imported."):
        assert claim in text
    assert [path.suffix for path in place.iterdir()] == [".csv"]
    refused = b"".join(editor.get(f"{made}refused.csv")).decode()
    assert [line.split(",")[:2] for line in refused.splitlines()[1:]] == [["4", "out_of_range"], ["5", "bad_time"]]
    assert Mapping.objects.get().plan["columns"] == [["Temp (°F)", "temperature", "°F"]]
    again = page(editor, upload(editor, cast)["Location"])
    assert 'name="quantity-1" value="temperature"' in again
    assert 'name="quantity-2" value' not in again


def test_a_file_of_a_known_kind_is_loaded_without_a_mapping(cast: Cast, editor: Client) -> None:
    lines = '{"observed_at":"2026-11-20T06:00:00Z","values":{"temperature":10}}'
    made = upload(editor, cast, lines, "a.ndjson")["Location"]

    assert "This is readings as SensorFusion writes them" in page(editor, made)
    editor.post(made, {"action": "start"})
    ended()

    assert stored() == [(at(6), {"temperature": 10})]
    assert not Mapping.objects.exists()


def test_an_import_is_started_once(cast: Cast, editor: Client) -> None:
    upload(editor, cast)
    kept = FileImport.objects.get()
    uploads.tell(kept)

    first, second = uploads.start(kept, now=utc_now), uploads.start(kept, now=utc_now)

    assert first is not None
    assert second is None


def test_an_import_that_stopped_goes_on_from_its_page(
    cast: Cast, editor: Client, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    rows = [f"2026-11-20T{hour:02}:00:00Z,{hour}" for hour in range(20)]
    made = upload(editor, cast, "\n".join(("When,Temp", *rows)))["Location"]
    monkeypatch.setattr(uploads, "BATCH", 8)
    batches = iter((True, False))

    def store(self: Any, write_requests: Any) -> Any:
        if not next(batches):
            raise Interrupted("the database is away.")
        return self._writer.store(write_requests)

    with monkeypatch.context() as patch:
        patch.setattr(uploads._Resting, "store", store)
        editor.post(made, {**MAPPING, "unit-1": "", "action": "start"})
        ended()
    stopped = page(editor, made)
    editor.post(made)
    ended()

    assert "Continue the import" in stopped
    assert "the database is away." in stopped
    assert Reading.objects.count() == 20
    assert FileImport.objects.get().duplicates == 0
    assert FileImport.objects.get().rows == 20
    assert not list(place.iterdir())


def test_an_import_whose_server_went_away_can_go_on(cast: Cast, editor: Client) -> None:
    made = upload(editor, cast)["Location"]
    FileImport.objects.update(state=ImportState.RUNNING, updated_at=datetime.now(UTC))
    running = page(editor, made)
    FileImport.objects.update(updated_at=datetime.now(UTC) - uploads.GONE_AFTER - timedelta(seconds=1))

    assert 'http-equiv="refresh"' in running
    assert "Go on" not in running
    assert "Continue the import" in page(editor, made)
    editor.post(made)
    ended()
    assert FileImport.objects.get().state == ImportState.DONE


def test_a_file_that_is_gone_is_asked_for_again(cast: Cast, editor: Client) -> None:
    made = upload(editor, cast)["Location"]
    kept = FileImport.objects.get()
    spool.forget(kept.uuid)
    uploads.start(kept, now=utc_now)
    ended()

    assert "Upload it again" in page(editor, made)


# Result


def test_what_is_discarded_leaves_no_file(cast: Cast, editor: Client, place: Path) -> None:
    made = upload(editor, cast)["Location"]

    editor.post(f"{made}discard/")

    assert not FileImport.objects.exists()
    assert not list(place.iterdir())


def test_what_nobody_came_back_for_is_removed(cast: Cast, editor: Client, place: Path, now: datetime) -> None:
    upload(editor, cast)
    for path in place.iterdir():  # stamped by the system's clock, which `--clock-ahead` does not shift
        os.utime(path, (now.timestamp(), now.timestamp()))

    spool.tidy(now=now + spool.KEPT_FOR - timedelta(minutes=1))
    assert list(place.iterdir())
    spool.tidy(now=now + spool.KEPT_FOR + timedelta(minutes=1))
    assert not list(place.iterdir())


# In German


def test_readers_of_german_get_the_preview_and_the_result_in_german(cast: Cast) -> None:
    editor = Client(headers={"accept-language": "de"})
    editor.force_login(cast.editor)
    made = upload(editor, cast)["Location"]

    preview = page(editor, made)
    assert "Es ist noch nichts gespeichert." in preview
    assert "temperature 10,0 °C, humidity 60,0 %" in preview
    assert "liegt über dem höchsten möglichen Wert von temperature, 80 °C" in preview

    editor.post(made, {**MAPPING, "action": "start"})
    ended()
    result = page(editor, made)
    assert "Importiert." in result
    assert "Zeile 5: &#x27;soon&#x27; ist keine Zeit: Senden Sie RFC 3339" in result
    assert not [each for _, _, examples in FileImport.objects.get().problems for each in examples if "Zeile" in each]

"""A history that is imported first is continued by the device that is connected later."""

from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command

from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.naming.queries import labels_of_one
from tests.conftest import Cast
from tests.ingest.conftest import Server, read, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "history.csv"
    path.write_text("observed_at,Temp,Außen\n2026-11-19T06:00:00Z,10.5,3\n2026-11-19T07:00:00Z,11.5,4\n")
    return path


def load(cast: Cast, path: Path, *options: str) -> None:
    columns = ("--map", "Temp=temperature:°C", "--map", "Außen=Außenfühler Nord")
    with pytest.raises(SystemExit, match="0"):
        call_command("import_readings", str(path), "--sensor", str(cast.sensor.uuid), *columns, *options)


async def test_first_field_of_the_device_continues_the_series_of_the_file(
    server: Server, cast: Cast, history: Path
) -> None:
    await sync_to_async(load)(cast, history)

    await server.post({"observed_at": "2026-11-20T06:00:00Z", "values": {"temp": 10}})
    await server.post({"observed_at": "2026-11-20T07:00:00Z", "values": {"temp": 15, "air_temperature": 16}})

    found = stored()
    assert [values.get("temperature") for values in found] == [10.5, 11.5, 10, 15]
    assert found[-1] == {"temperature": 15, "temperature:air_temperature": 16}
    assert ("temp", "temperature") in read("SELECT source, quantity FROM sensors_sourcefield")


async def test_device_that_was_there_first_keeps_its_series(server: Server, cast: Cast, history: Path) -> None:
    await server.post({"observed_at": "2026-11-18T06:00:00Z", "values": {"temperature": 9}})
    await sync_to_async(load)(cast, history)

    await server.post({"observed_at": "2026-11-20T06:00:00Z", "values": {"temp": 10}})

    assert stored()[-1] == {"temperature:temp": 10}


def test_name_of_a_column_is_stored_in_allowed_letters_and_kept_as_its_label(cast: Cast, history: Path) -> None:
    load(cast, history)
    (name,) = stored()[0].keys() - {"temperature"}

    assert name.isascii()
    assert labels_of_one(cast.sensor) == {name: "Außenfühler Nord"}


def test_rehearsal_records_nothing(cast: Cast, history: Path) -> None:
    load(cast, history, "--dry-run")

    assert not SourceField.objects.exists()


def test_remembered_mapping_keeps_the_label(cast: Cast, history: Path, tmp_path: Path) -> None:
    load(cast, history)
    SourceField.objects.all().delete()
    read("UPDATE sensor_state SET \"values\" = '{}' RETURNING 1")
    again = tmp_path / "again.csv"
    again.write_text(history.read_text().replace("2026-11-19", "2026-11-21"))

    with pytest.raises(SystemExit, match="0"):
        call_command("import_readings", str(again), "--sensor", str(cast.sensor.uuid))

    assert list(labels_of_one(cast.sensor).values()) == ["Außenfühler Nord"]

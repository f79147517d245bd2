"""The client files that the server offers."""

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from sensorfusion import clients

ROOT = Path(clients.__file__).parent


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("sensorfusion_client.py", "python/sensorfusion_client.py"),
        ("sensorfusion_reader.py", "python/sensorfusion_reader.py"),
        ("sensorfusion.py", "micropython/sensorfusion.py"),
        ("SensorFusion.h", "arduino/SensorFusion/src/SensorFusion.h"),
    ],
)
def test_devices_get_clients_without_an_account(name: str, source: str) -> None:
    response = Client().get(f"/clients/{name}")

    assert response.status_code == 200
    assert response.content == (ROOT / source).read_bytes()
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_arduino_library_is_packed_as_the_arduino_ide_takes_it() -> None:
    packed = zipfile.ZipFile(io.BytesIO(Client().get("/clients/SensorFusion.zip").content))

    assert set(packed.namelist()) == {
        "SensorFusion/library.properties",
        "SensorFusion/src/SensorFusion.h",
        "SensorFusion/examples/Temperature/Temperature.ino",
    }


@pytest.mark.parametrize(
    "name", ["__init__.py", "..%2f__init__.py", "sensorfusion_client.pyc", "python/sensorfusion_client.py"]
)
def test_nothing_else_is_handed_out(name: str) -> None:
    assert Client().get(f"/clients/{name}").status_code == 404

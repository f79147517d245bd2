"""The client files that the server offers."""

import io
import re
import zipfile
from gzip import compress
from pathlib import Path

import pytest
from django.test import Client

from sensorfusion import __version__, clients

ROOT = Path(clients.__file__).parent


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("sensorfusion_client.py", "python/sensorfusion_client.py"),
        ("sensorfusion_reader.py", "python/sensorfusion_reader.py"),
        ("sensorfusion.py", "micropython/sensorfusion.py"),
        ("sensorfusion.d.ts", "browser/sensorfusion.d.ts"),
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


def test_pages_of_other_sites_get_one_module_that_imports_nothing() -> None:
    response = Client().get("/clients/sensorfusion.js")

    code = response.content.decode()
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert code.startswith(f"// SensorFusion {__version__}:")
    assert code.endswith("export { ApiError, SensorFusion, SharedLink };\n")
    assert "import " not in code
    assert len(compress(response.content)) <= 4_096


def test_the_types_of_the_module_name_what_it_exports() -> None:
    exported = re.findall(r"^export (?:declare )?class (\w+)", (ROOT / "browser/sensorfusion.d.ts").read_text(), re.M)

    assert sorted(exported) == ["ApiError", "SensorFusion", "SharedLink"]

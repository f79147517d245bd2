"""The small distribution of the Python clients: `pip install sensorfusion-client`."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from sensorfusion import __version__, clients

SOURCE = Path(clients.__file__).parent / "python"


def test_version_is_that_of_the_server() -> None:
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == __version__
    assert "dependencies" not in project


def test_wheel_has_both_files_and_nothing_else(tmp_path: Path) -> None:
    source = Path(shutil.copytree(SOURCE, tmp_path / "source"))
    how = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path)]

    subprocess.run([sys.executable, "-m", "pip", "wheel", *how, str(source)], check=True)

    (wheel,) = tmp_path.glob("sensorfusion_client-*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == {"sensorfusion_client.py", "sensorfusion_reader.py"}

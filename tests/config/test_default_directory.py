"""The default data directory: independent of the working directory, and existing installations are still found."""

from pathlib import Path

import pytest

from sensorfusion.config import default_directory, env
from sensorfusion.config.default_directory import Places
from sensorfusion.config.secret import secret_key
from sensorfusion.postgres.cluster import directory_in


@pytest.fixture
def installed(tmp_path: Path) -> Places:
    return Places(working=tmp_path / "working", checkout=None, system=tmp_path / "system")


@pytest.fixture
def checked_out(tmp_path: Path) -> Places:
    return Places(working=tmp_path / "working", checkout=tmp_path / "checkout", system=tmp_path / "system")


def test_installed_package_uses_the_system_s_place(installed: Places) -> None:
    assert installed.default() == installed.system
    assert installed.reason(installed.system) == "the default"


def test_checkout_keeps_its_data_beside_manage_py(checked_out: Places) -> None:
    data = checked_out.default()

    assert data == checked_out.working.parent / "checkout" / "data"
    assert checked_out.reason(data) == "the default in a checkout"


@pytest.mark.parametrize("kind", ["installed", "checked_out"])
def test_installation_in_the_working_directory_is_not_abandoned(kind: str, request: pytest.FixtureRequest) -> None:
    places: Places = request.getfixturevalue(kind)
    secret_key(places.working / "data")

    assert places.default() == places.working / "data"
    assert places.reason(places.default()) == "found in the working directory"


def test_database_alone_is_an_installation_too(installed: Places) -> None:
    directory_in(installed.working / "data").mkdir(parents=True)  # without a key: SECRET_KEY was set

    assert installed.default() == installed.working / "data"


def test_another_directory_that_is_called_data_is_left_alone(installed: Places) -> None:
    (installed.working / "data").mkdir(parents=True)
    (installed.working / "data" / "measurements.csv").touch()

    assert installed.default() == installed.system


def test_named_directory_is_said_to_be_named(installed: Places) -> None:
    assert installed.reason(Path("/srv/sensors")) == "as SENSORFUSION_DATA or --data says"


def test_package_knows_the_checkout_that_it_runs_from(tmp_path: Path) -> None:
    module = tmp_path / "sensorfusion" / "config" / "default_directory.py"
    assert default_directory.checkout(module) is None

    for name in ("manage.py", "pyproject.toml"):
        (tmp_path / name).touch()

    assert default_directory.checkout(module) == tmp_path.resolve()
    assert default_directory.checkout(Path(default_directory.__file__)) == Path(__file__).parents[2]


def test_root_uses_the_directory_of_services_and_others_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/mary")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    assert default_directory._system(is_root=True) == Path("/var/lib/sensorfusion")
    own = default_directory._system(is_root=False)
    assert own.is_relative_to("/home/mary")
    assert own.name == "sensorfusion"


def test_environment_uses_the_default_only_when_none_is_named(
    monkeypatch: pytest.MonkeyPatch, installed: Places
) -> None:
    monkeypatch.setattr(default_directory, "places", lambda: installed)

    monkeypatch.delenv("SENSORFUSION_DATA", raising=False)
    assert env.current().data == installed.system

    monkeypatch.setenv("SENSORFUSION_DATA", "/srv/sensors")
    assert env.current().data == Path("/srv/sensors")

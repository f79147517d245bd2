"""Names that are missing or different in uvicorn are found and reported before it serves."""

import pytest

from sensorfusion.server.uvicorn.checks import faults
from sensorfusion.server.uvicorn.internals import NAMES, Module, Name

HTTP = "uvicorn.protocols.http.httptools_impl"


@pytest.mark.parametrize("module", NAMES)
def test_uvicorn_that_is_installed_has_no_faults(module: Module) -> None:
    assert faults(module) == []


@pytest.mark.parametrize("name", [each for names in NAMES.values() for each in names], ids=str)
def test_each_name_is_missed_when_it_has_another(name: Name, monkeypatch: pytest.MonkeyPatch) -> None:
    module = next(module for module, names in NAMES.items() if name in names)
    other = Name(name.owner, f"{name.name}_of_another_version", name.use, name.takes)
    monkeypatch.setitem(NAMES, module, (other,))

    assert faults(module) == [f"{other} is missing"]


@pytest.mark.parametrize(
    "name",
    [each for names in NAMES.values() for each in names if each.takes is not None and "httptools:" not in each.owner],
    ids=str,
)
def test_each_parameter_is_compared(name: Name, monkeypatch: pytest.MonkeyPatch) -> None:
    assert name.takes is not None
    module = next(module for module, names in NAMES.items() if name in names)
    monkeypatch.setitem(NAMES, module, (Name(name.owner, name.name, name.use, (*name.takes, "more")),))

    [fault] = faults(module)

    assert fault.startswith(f"{name} takes (")
    assert fault.endswith("more)")


def test_a_class_that_is_gone_is_one_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(f"{HTTP}.HttpToolsProtocol")

    assert faults("http") == [f"{HTTP}:HttpToolsProtocol is missing"]


def test_a_module_that_is_gone_is_one_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NAMES, "http", (Name("uvicorn.protocols.http.gone", "Protocol", "for this test"),))

    assert faults("http") == ["uvicorn.protocols.http.gone is missing"]

"""What is shipped, and under which licence: compared with the lock file and with what packages declare."""

from email.message import Message
from importlib import metadata
from typing import cast

import pytest

from release import components, licences
from release.components import Component


def package(**fields: str) -> metadata.PackageMetadata:
    message = Message()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return cast(metadata.PackageMetadata, message)


def installed_as_locked() -> list[Component]:
    """The packages whose own metadata can be read here; a run with other versions sees fewer."""
    return [each for each in components.packages() if _version(each.name) == each.version]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def test_page_lists_every_package_of_the_lock_file_with_its_version() -> None:
    lock = [(name, version) for name, version, _ in components.locked(components.LOCK.read_text(encoding="utf-8"))]
    page = licences.PAGE.read_text(encoding="utf-8")

    assert len(lock) > 50
    assert [each for each in lock if f"| {each[0]} | {each[1]} | " not in page] == [], "run make licences"
    assert page.count("\n| ") == len(lock) + len(components.vendored()) + 2


def test_page_says_what_installed_packages_declare() -> None:
    page = licences.PAGE.read_text(encoding="utf-8")

    rows = [f"| {each.name} | {each.version} | {each.licence} |" for each in installed_as_locked()]
    assert rows
    assert [row for row in rows if row not in page] == [], "run make licences"


def test_vendored_files_are_listed_with_their_licence() -> None:
    page = licences.PAGE.read_text(encoding="utf-8")
    directories = [each for each in components.VENDORED.parent.iterdir() if each.is_dir()]

    assert len(components.vendored()) == len(directories)
    for each in components.vendored():
        assert f"| {each.name} | {each.version} | {each.licence} |" in page
        assert len(each.hashes[0]) == 64


def test_everything_shipped_is_under_an_allowed_licence() -> None:
    assert licences.refused(installed_as_locked() + components.vendored()) == []


def test_package_that_cannot_be_read_everywhere_declares_what_is_written_down() -> None:
    for name, licence in components.ELSEWHERE.items():
        if _version(name):
            assert components.SPDX.get(licence, licence) == components.licence_of(metadata.metadata(name))


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", "unknown", "MIT AND GPL-3.0-only", "Proprietary"])
def test_licence_that_was_not_looked_at_is_refused(licence: str) -> None:
    stranger = Component(name="stranger", version="1", licence=licence, origin="pypi", hashes=())

    assert licences.refused([stranger]) == [f"stranger 1: {licence}"]


def test_one_allowed_alternative_is_enough() -> None:
    assert licences.is_allowed("EPL-2.0 OR BSD-3-Clause")


@pytest.mark.parametrize(
    ("declared", "licence"),
    [
        (package(License_Expression="MIT", License="ignored"), "MIT"),
        (package(License="Apache License, Version 2.0"), "Apache-2.0"),
        (package(License="Copyright\nA whole text", Classifier="License :: OSI Approved :: MIT License"), "MIT"),
        (package(), "unknown"),
    ],
)
def test_licence_is_read_from_where_packages_declare_it(declared: metadata.PackageMetadata, licence: str) -> None:
    assert components.licence_of(declared) == licence

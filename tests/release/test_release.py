"""What a release is made of: notes from the changelog, a bill of materials, a page for the index."""

import re
import runpy
import subprocess
from pathlib import Path

import pytest

from release import components, notes, sbom
from sensorfusion import __version__

ROOT = Path(__file__).parents[2]
CHANGELOG = "# Changes\n\n## 1.1.0\n\n* Newer.\n\n## 1.0.0\n\n* First.\n* Second.\n"


def test_notes_are_the_part_of_the_changelog_about_this_version() -> None:
    assert notes.notes("v1.0.0", version="1.0.0", changelog=CHANGELOG) == "* First.\n* Second.\n"
    assert notes.notes("v1.1.0", version="1.1.0", changelog=CHANGELOG) == "* Newer.\n"


@pytest.mark.parametrize(("tag", "version"), [("v1.0.0", "1.1.0"), ("1.1.0", "1.1.0"), ("v1.2.0", "1.2.0")])
def test_tag_of_another_version_or_without_notes_is_not_released(tag: str, version: str) -> None:
    with pytest.raises(notes.NoRelease):
        notes.notes(tag, version=version, changelog=CHANGELOG)


def test_this_version_has_notes() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert notes.notes(f"v{__version__}", version=__version__, changelog=changelog)


def test_bill_of_materials_names_everything_with_licences_and_hashes() -> None:
    parts = components.packages() + components.vendored()

    bill = sbom.bill("1.0.0", parts)

    assert [part["name"] for part in bill["components"]] == [part.name for part in parts]
    assert len({part["bom-ref"] for part in bill["components"]}) == len(parts)
    assert all(part["externalReferences"] for part in bill["components"])
    assert bill["dependencies"][0]["dependsOn"] == sorted(part["bom-ref"] for part in bill["components"])


def test_bill_of_the_same_release_is_the_same() -> None:
    parts = components.vendored()

    assert sbom.bill("1.0.0", parts) == sbom.bill("1.0.0", parts)
    assert sbom.bill("1.0.0", parts)["serialNumber"] != sbom.bill("1.0.1", parts)["serialNumber"]


def test_page_of_the_index_has_no_link_that_needs_a_file_beside_it() -> None:
    described: str = runpy.run_path(str(ROOT / "setup.py"))["long_description"]()
    targets = re.findall(r"\]\(([^)]+)\)", described)

    assert len(targets) > 10
    assert [target for target in targets if not target.startswith("https://")] == []
    assert any(f"/raw/v{__version__}/docs/images/report.png" in target for target in targets)


def test_source_distribution_has_every_directory_of_the_checkout() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("no checkout")
    grafted = set(re.findall(r"^graft (\S+)$", (ROOT / "MANIFEST.in").read_text(encoding="utf-8"), re.MULTILINE))
    directories = {name.split("/")[0] for name in listed.stdout.split("\n") if "/" in name}

    assert directories - {"sensorfusion"} == grafted


def test_links_to_headings_and_to_other_servers_stay_as_they_are() -> None:
    page = "![a](a.png) [b](b.md#c) [d](#d) [e](https://example.org/) ![f](https://example.org/f.png)"

    absolute = runpy.run_path(str(ROOT / "setup.py"))["with_absolute_links"](page, forge="https://forge", tag="v1")

    assert absolute == (
        "![a](https://forge/raw/v1/a.png) [b](https://forge/blob/v1/b.md#c) [d](#d) "
        "[e](https://example.org/) ![f](https://example.org/f.png)"
    )

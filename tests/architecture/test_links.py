"""Every link between documents leads to an existing file and heading."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md", ".github/**/*.md")
    for page in ROOT.glob(pattern)
)
_LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")


def links(page: Path) -> list[tuple[str, str]]:
    """Return the links of a page to files and headings, without those in examples."""
    return _LINK.findall(re.sub(r"^```[\s\S]*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """Return the anchors that forges, and the documentation site, generate for the headings of a page."""
    prose = re.sub(r"^```[\s\S]*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def broken(page: Path) -> list[str]:
    found = []
    for file, anchor in links(page):
        target = (page.parent / file) if file else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            found.append(f"{file}#{anchor}")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files_and_headings(name: str) -> None:
    assert broken(ROOT / name) == []


def test_missing_file_and_missing_heading_are_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A heading, with `code`\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](other.md#a-heading-with-code) [b](other.md#b) [c](none.md) [d](#d) [e](https://example.org/x#y)"
    )

    assert broken(page) == ["other.md#b", "none.md#", "#d"]


@pytest.mark.parametrize("name", PAGES)
def test_no_link_stands_twice_in_a_list(name: str) -> None:
    items = re.findall(r"^\* \[[^]]*\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(set(items)) == sorted(items)


def test_index_of_decisions_has_every_decision_by_its_title() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", index, re.MULTILINE))
    decisions = {_decision(file) for file in (ROOT / "docs" / "decisions").glob("0*.md")}

    assert listed == decisions
    numbers = {int(number) for number, _, _ in decisions}
    assert len(numbers) == len(decisions), "two decisions have the same number"
    missing = set(range(1, max(numbers) + 1)) - numbers
    assert missing == {6, 7, 8}  # the index says why


def _decision(file: Path) -> tuple[str, str, str]:
    heading = re.match(r"# (\d+)\. (.+)", file.read_text(encoding="utf-8"))
    assert heading, f"{file.name} does not begin with its number and title"
    return heading[1], heading[2], file.name

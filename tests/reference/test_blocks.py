"""The generated blocks of the documents are what the code says now; `make reference` writes them."""

import re
from pathlib import Path

import pytest

from reference import blocks, markdown
from reference.blocks import BLOCKS
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import UNITS

ROOT = Path(__file__).parents[2]
PAGES = pytest.mark.parametrize("document", BLOCKS)


@PAGES
def test_page_is_current(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    assert text == blocks.generated(document, text), f"{document} is not current: run make reference"


@PAGES
def test_page_has_its_blocks_once_each(document: str) -> None:
    assert blocks.names((ROOT / document).read_text(encoding="utf-8")) == list(BLOCKS[document])


def test_no_other_page_has_generated_blocks() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]

    found = {str(page.relative_to(ROOT)) for page in pages if blocks.names(page.read_text(encoding="utf-8"))}

    assert found == set(BLOCKS)


def test_block_is_replaced_and_the_rest_stays() -> None:
    stale = "before\n<!-- generated: settings -->\nold\n<!-- end -->\nafter\n"

    text = blocks.generated("docs/settings.md", stale)

    assert text.startswith("before\n<!-- generated: settings -->\n| variable | default | meaning |\n")
    assert text.endswith("|\n<!-- end -->\nafter\n")
    assert "old" not in text


def test_catalogue_page_names_every_quantity_and_unit() -> None:
    text = (ROOT / "docs/quantities.md").read_text(encoding="utf-8")

    numbered = re.compile(r"_\d+\Z")
    assert [name for name in CATALOGUE if not numbered.search(name) and f"| `{name}`" not in text] == []
    assert [code for code in UNITS if f"`{code}`" not in text] == []


def test_names_with_numbers_are_written_as_a_range_from_three_on() -> None:
    assert markdown.code_list(["soil_2", "soil_3", "soil_4", "leaf_1", "leaf_2", "co2"]) == (
        "`soil_2` to `soil_4`, `leaf_1`, `leaf_2`, `co2`"
    )


def test_bar_in_a_name_does_not_end_the_cell() -> None:
    assert markdown.table(("a", "b"), [(markdown.code("x|y"), "")]) == "| a | b |\n|---|---|\n| `x\\|y` | |\n"

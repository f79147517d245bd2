"""The page of console fields names the fields that are not stored; tests/reference compares its generated table."""

from pathlib import Path

from sensorfusion.domain.consoles.readers import NOT_MEASURED

PAGE = Path(__file__).parents[2] / "docs" / "doors" / "fields.md"


def test_page_of_fields_names_what_is_not_kept() -> None:
    text = PAGE.read_text()

    assert [name for name in NOT_MEASURED if f"`{name}`" not in text] == []

"""The documented table of console fields agrees with the code."""

from collections.abc import Iterator
from pathlib import Path

from sensorfusion.domain.console_fields import FIELDS, NOT_MEASURED, Field
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import display_symbol

PAGE = Path(__file__).parents[2] / "docs" / "doors" / "fields.md"
KINDS = {
    "text": "text",
    "is_low": "flag, 1 is low",
    "is_ok": "flag, 1 is good",
    "bars": "0 to 5 bars",
    "yes_no": "0 or 1",
}
BEGIN, END = "<!-- table -->", "<!-- end -->"


def rows() -> Iterator[str]:
    yield "| field | quantity | sent in | kept in |\n|---|---|---|---|\n"
    for name, field in FIELDS["common"].items():
        yield _row(f"`{name}`", field)
    for name, field in FIELDS["ambient"].items():
        if FIELDS["common"].get(name) != field:
            yield _row(f"`{name}`, Ambient", field)


def _row(name: str, field: Field) -> str:
    known = CATALOGUE.get(field.quantity)
    sent = KINDS.get(field.kind) or display_symbol(field.unit) or "number"
    kept = display_symbol(known.unit if known else field.unit) or ("" if field.kind == "number" else "true or false")
    kept = {"text": "text", "bars": "%"}.get(field.kind, kept)
    return f"| {name} | `{field.quantity}`{' or its second gauge' if field.is_piezo else ''} | {sent} | {kept} |\n"


def test_page_of_fields_has_every_field_as_the_code_has_it() -> None:
    shown = PAGE.read_text().partition(BEGIN)[2].partition(END)[0].strip("\n") + "\n"

    assert shown == "".join(rows())


def test_page_of_fields_names_what_is_not_kept() -> None:
    text = PAGE.read_text()

    assert [name for name in NOT_MEASURED if f"`{name}`" not in text] == []


if __name__ == "__main__":  # regenerates the table
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{''.join(rows())}{END}{rest.partition(END)[2]}")

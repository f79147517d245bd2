"""Fields that are declared beside their types."""

from typing import Annotated, TypedDict

from sensorfusion.domain.fields import PLAIN, Field, Row, declared, names_in

LABELLED = Field(label="Weight", option="--weight")


class Crate(TypedDict, total=False):
    weight_g: Annotated[float | None, "a note for others", LABELLED]
    sender: str


def test_fields_come_in_the_order_they_are_declared_in() -> None:
    assert list(declared(Crate)) == ["weight_g", "sender"]


def test_field_says_what_stands_beside_its_type() -> None:
    assert declared(Crate)["weight_g"] is LABELLED


def test_field_of_a_plain_type_says_nothing_more_than_its_column() -> None:
    assert declared(Crate)["sender"] is PLAIN


def test_rows_name_what_they_show() -> None:
    assert names_in((Row(("a", "b")), Row(("c",), legend="Last"))) == ("a", "b", "c")

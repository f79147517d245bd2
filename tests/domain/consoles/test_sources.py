"""Every row of a table of fields is in the document that it cites, or says that it is read by analogy with one that is.

The documents of PWSweather, WOW and WSLink are compared in their own tests.
"""

from collections.abc import Mapping

import pytest

from sensorfusion.domain.consoles.field import Field, alike, cited
from sensorfusion.domain.consoles.networks import FIELDS, NETWORKS
from tests.domain.consoles.documented import DOCUMENTED

TABLES = {**NETWORKS, **{f"at addresses, {family}": fields for family, fields in FIELDS.items()}}


@pytest.mark.parametrize("name", list(TABLES))
def test_every_row_is_in_the_document_that_it_cites(name: str) -> None:
    assert undocumented(TABLES[name]) == []


def undocumented(fields: Mapping[str, Field]) -> list[str]:
    return [
        f"{name} is not in {field.source}"
        for name, field in fields.items()
        if field.source in DOCUMENTED and (field.like or name) not in DOCUMENTED[field.source]
    ]


def test_row_that_its_document_does_not_have_is_found() -> None:
    leak = {"leak_ch5": Field("leak_5", kind="yes_no")}

    assert undocumented(cited("ecowitt", leak)) == ["leak_ch5 is not in ecowitt"]
    assert undocumented(alike("ecowitt", "leak_ch9", leak)) == ["leak_ch5 is not in ecowitt"]
    assert undocumented(alike("ecowitt", "leak_ch4", leak)) == []


def test_row_by_analogy_has_no_document_and_the_unit_of_the_one_it_is_like() -> None:
    every = {name: field for fields in TABLES.values() for name, field in fields.items()}
    by_analogy = {name: field for name, field in every.items() if field.like}

    assert [name for name, field in by_analogy.items() if name in DOCUMENTED[field.source]] == []
    assert [
        name
        for name, field in by_analogy.items()
        if (field.unit, field.kind) != (every[field.like].unit, every[field.like].kind)
    ] == []
    assert {"leak_ch5", "leak_ch8", "dewpoint9f", "feelslikef", "heatindexf", "wh24batt"} <= by_analogy.keys()

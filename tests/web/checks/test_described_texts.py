"""The description of texts says what requests are judged by."""

import re

import pytest
from drf_spectacular.generators import SchemaGenerator

from sensorfusion.web.checks.described_texts import narrow_texts
from tests.operations import is_view

EMPTY = {"type": "string", "maxLength": 0}


def narrowed(schema: dict[str, object]) -> dict[str, object]:
    narrow_texts({"paths": {}, "components": {"schemas": {"x": schema}}})
    return schema


def test_pattern_that_accepts_an_empty_text_needs_no_alternative() -> None:
    text = {"type": "string", "pattern": "^a*$", "maxLength": 9}

    assert narrowed({"title": "t", "oneOf": [dict(text), EMPTY]}) == {"title": "t", **text}


@pytest.mark.parametrize("text", [{"type": "string", "format": "email"}, {"pattern": "^a$", "minLength": 1}])
def test_other_alternatives_stay(text: dict[str, object]) -> None:
    assert narrowed({"oneOf": [text, EMPTY]}) == {"oneOf": [text, EMPTY]}


@pytest.mark.parametrize(("written", "shortest"), [("date", 10), ("date-time", 16)])
def test_date_is_not_empty(written: str, shortest: int) -> None:
    assert narrowed({"type": ["string", "null"], "format": written})["minLength"] == shortest


def test_no_parameter_of_text_may_hold_nul() -> None:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular has no types
    paths = generator.get_schema(request=None, public=True)["paths"]  # type: ignore[no-untyped-call]
    schemas = [
        each["schema"]
        for methods in paths.values()
        for operation in filter(is_view, methods.values())
        for each in operation.get("parameters", ())
    ]
    free = [each for each in schemas if each.get("type") == "string" and not {"enum", "format"} & each.keys()]

    assert len(free) > 5
    assert not any(re.search(each["pattern"], "a\0") for each in free)

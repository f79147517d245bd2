"""A value of another JSON type than the description names is refused, for each serializer of a request."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from sensorfusion.web.checks.json_types import JsonTypes, mistyped
from tests.operations import is_view

WRONG: dict[type, tuple[Any, ...]] = {
    serializers.CharField: (0, 1.5, True, [], {}),
    serializers.BooleanField: (0, 1, "true", "", []),
    serializers.IntegerField: ("5", True, [], {}),
    serializers.FloatField: ("1.5", True, {}),
    serializers.ListField: ({}, "", 0),
    serializers.DictField: ([], "", 0),
    serializers.DateTimeField: (0, True, {}),
    serializers.UUIDField: (0, {}),
}
# Their services judge the types themselves.
JUDGED_ELSEWHERE = {"QualitySerializer", "AttributesSerializer"}


@pytest.mark.parametrize("kind", WRONG)
def test_every_other_type_is_refused(kind: type) -> None:
    assert all(mistyped(kind(), each) for each in WRONG[kind])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (serializers.CharField(), "0"),
        (serializers.CharField(allow_null=True), None),
        (serializers.BooleanField(), False),
        (serializers.FloatField(), 3),
        (serializers.DictField(child=serializers.CharField()), {"a": "b"}),
        (serializers.ListField(), []),
    ],
)
def test_the_described_type_is_accepted(field: Any, value: object) -> None:
    assert mistyped(field, value) == ""


def test_values_of_a_map_are_judged() -> None:
    assert mistyped(serializers.DictField(child=serializers.CharField()), {"a": 1})


def test_refusal_names_the_field() -> None:
    class Some(JsonTypes):
        name = serializers.CharField()

    given = Some(data={"name": 7})

    assert not given.is_valid()
    assert given.errors == {"name": ["Write a text."]}


def test_serializer_of_each_request_judges_types() -> None:
    found = dict(requests())

    assert len(found) > 8
    assert {name for name, each in found.items() if not issubclass(each, JsonTypes)} == JUDGED_ELSEWHERE


def requests() -> Iterator[tuple[str, type]]:
    """Yield the serializers of all bodies that the API's description has."""
    generator: Any = SchemaGenerator
    made = generator()
    for methods in made.get_schema(request=None, public=True)["paths"].values():
        for operation in filter(is_view, methods.values()):
            for each in operation.get("requestBody", {}).get("content", {}).values():
                name = each["schema"]["$ref"].rpartition("/")[2]
                described = made.registry._components[name, "schemas"].object
                kind = described if isinstance(described, type) else type(described)
                yield kind.__name__, kind

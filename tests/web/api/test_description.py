"""What all operations have in common is described at each of them."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from sensorfusion.web.api.conditional import CHANGES
from tests.operations import is_view

generator: Any = SchemaGenerator
OPERATIONS = [
    pytest.param(method, operation, id=operation["operationId"])
    for methods in generator().get_schema(request=None, public=True)["paths"].values()
    for method, operation in methods.items()
    if is_view(operation)
]


def headers(operation: dict[str, Any]) -> set[str]:
    return {each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"}


@pytest.mark.parametrize(("method", "operation"), OPERATIONS)
def test_headers_and_their_answers_are_described(method: str, operation: dict[str, Any]) -> None:
    responses, is_public = operation["responses"], {} in operation.get("security", ({},))
    reads_json = method == "get" and "application/json" in responses["200"].get("content", {})

    assert ("If-None-Match" in headers(operation)) == ("304" in responses) == reads_json
    assert ("If-Match" in headers(operation)) == ("412" in responses) == (method.upper() in CHANGES)
    assert ("Idempotency-Key" in headers(operation)) == ("422" in responses) == (method == "post" and not is_public)
    assert "content" not in responses.get("304", {})
    assert list(responses) == sorted(responses)

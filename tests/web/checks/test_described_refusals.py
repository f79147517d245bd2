"""Every operation of the API's description names the errors that any request may have; doors name their own."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.operations import is_view

generator: Any = SchemaGenerator
PATHS: dict[str, dict[str, Any]] = generator().get_schema(request=None, public=True)["paths"]
OPERATIONS = [
    pytest.param(path, operation, id=operation["operationId"])
    for path, methods in PATHS.items()
    for operation in methods.values()
    if is_view(operation)
]


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_errors_that_no_view_names_are_described(path: str, operation: dict[str, Any]) -> None:
    described = set(operation["responses"])

    assert described >= {"400", "406", "503"}
    assert "{" not in path or "404" in described
    assert "requestBody" not in operation or described >= {"413", "415"}
    assert list(operation["responses"]) == sorted(described)


def test_lists_may_lack_a_page_and_say_their_limits() -> None:
    listing = PATHS["/api/v1/sensors/"]["get"]
    limits = {each["name"]: each["schema"] for each in listing["parameters"] if each["name"].startswith("page")}

    assert "404" in listing["responses"]
    assert limits["page"]["minimum"] == 1
    assert (limits["page_size"]["minimum"], limits["page_size"]["maximum"]) == (1, 1000)

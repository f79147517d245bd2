"""The OpenAPI description covers every API URL of the platform."""

from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.clients import anybody


@pytest.fixture(scope="module")
def schema() -> Any:
    GENERATOR_STATS.reset()
    described = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # drf-spectacular has no types
    assert not GENERATOR_STATS
    return described


def test_description_is_valid_openapi_3_1(schema: Any) -> None:
    validate_schema(schema)  # type: ignore[no-untyped-call]  # drf-spectacular has no types

    assert schema["openapi"] == "3.1.0"


def test_every_address_is_described_with_its_refusals(schema: Any) -> None:
    reading = ("/latest/", "/readings/", "/series/", "/climate/", "/records/", "/normals/", "/usual/", "/export/")
    probes = ("/healthz", "/readyz", "/metrics")
    managing = {path: item for path, item in schema["paths"].items() if not path.endswith((*reading, *probes))}
    for path, item in managing.items():
        for method in item.keys() & {"get", "post", "put", "patch", "delete"}:
            assert item[method]["summary"], path
            assert item[method]["tags"], path
            assert any(status.startswith("4") for status in item[method]["responses"]), (method, path)


def test_no_answer_describes_a_digest(schema: Any) -> None:
    fields = {name for each in schema["components"]["schemas"].values() for name in each.get("properties", {})}

    assert "digest" not in fields
    assert "password" in fields


@pytest.mark.parametrize("path", ["/api/schema/", "/api/schema", "/api/docs/", "/api/redoc/"])
def test_description_is_public(db: None, path: str) -> None:
    assert anybody().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_its_pages_are_found_without_the_slash(db: None, path: str) -> None:
    assert anybody().get(path).headers["Location"] == f"{path}/"

"""Compares what the sockets send with docs/asyncapi.yaml, more strictly than clients should: each member is known."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[1]
Socket = Literal["live", "ingest"]


@cache
def description() -> Any:
    return yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))


def assert_described(socket: Socket, message: Any) -> None:
    """Fail unless a message of the server is one of those that are described."""
    known = sent(socket)
    assert message["type"] in known, f"{message['type']} is not described: {sorted(known)}"
    errors = [error.message for error in known[message["type"]].iter_errors(message)]
    assert not errors, (errors, message)


def assert_close_described(socket: Socket, code: int) -> None:
    """Fail unless a close code is described."""
    assert str(int(code)) in description()["channels"][socket]["x-close-codes"], code


@cache
def sent(socket: Socket) -> dict[str, Draft202012Validator]:
    """Return a strict validator for each type of message that the server sends."""
    components = description()["components"]
    schemas = {name: _closed(schema) for name, schema in components["schemas"].items()}
    operation = description()["operations"][f"{socket}Send"]
    names = [each["$ref"].rpartition("/")[2] for each in operation["messages"]]
    return {
        components["messages"][name]["name"]: Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        )
        for name in names
    }


def _closed(schema: Any) -> Any:
    return {"additionalProperties": False, **schema} if "properties" in schema else schema

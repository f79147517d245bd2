"""Operations name the path's variables, the credentials, the bodies, and each answer with its headers."""

from typing import Any

from sensorfusion.server.description.operations import operation, schemes
from sensorfusion.web.description import BEARER, IN_BODY, TEXT, Answered, Description

DONE = Answered(why="Done.", content={"text/plain": TEXT})
WAIT = Answered(why="Wait.", headers=("retry-after",))


def about(**more: Any) -> Description:
    return Description(**{"summary": "Send", "answers": {200: DONE, 429: WAIT}, **more})


def test_answers_have_their_bodies_and_headers() -> None:
    said = operation("/x", "GET", about())["responses"]

    assert said["200"] == {"description": "Done.", "content": {"text/plain": {"schema": TEXT}}}
    assert set(said["429"]["headers"]) == {"retry-after"}
    assert "content" not in operation("/x", "HEAD", about())["responses"]["200"]


def test_credentials_are_alternatives() -> None:
    keys = (BEARER, "query appid")

    assert operation("/x", "GET", about(keys=keys))["security"] == [{"key": []}, {"query_appid": []}]
    assert operation("/x", "POST", about(keys=(*keys, IN_BODY)))["security"][-1] == {}
    assert operation("/in/{key}/x", "GET", about(keys=keys))["security"] == [{}]
    assert operation("/x", "GET", about())["security"] == [{}]
    assert dict(schemes(keys))["query_appid"]["in"] == "query"


def test_variables_are_required_and_a_body_only_if_it_has_to_come() -> None:
    [key, at] = operation("/in/{key}/x", "GET", about(query={"at": "The time."}))["parameters"]
    body = {"application/json": TEXT}

    assert (key["name"], key["in"], key["required"]) == ("key", "path", True)
    assert (at["name"], at["in"]) == ("at", "query")
    assert operation("/x", "POST", about(body=body))["requestBody"]["required"]
    assert not operation("/x", "POST", about(body=body, keys=(IN_BODY,)))["requestBody"]["required"]


def test_operations_are_named_by_address_and_method() -> None:
    assert operation("/in/{key}/ttn", "POST", about())["operationId"] == "doors_in_key_ttn_post"

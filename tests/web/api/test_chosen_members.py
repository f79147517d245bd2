"""`fields` leaves the chosen members only, in every answer whose members are described."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from sensorfusion.web.api.chosen_members import only
from tests.clients import client_of
from tests.conftest import Cast
from tests.operations import is_view
from tests.security.test_sight import World, signed_in, world
from tests.web.api.test_conditional import read, views

__all__ = ["world"]
generator: Any = SchemaGenerator


def choosing() -> Iterator[tuple[str, list[str]]]:
    """Yield each path whose answers have members to choose, and these."""
    for path, methods in generator().get_schema(request=None, public=True)["paths"].items():
        for operation in methods.values():
            if is_view(operation):
                for each in operation.get("parameters", ()):
                    if each["name"] == "fields":
                        yield path, each["schema"]["items"]["enum"]


def objects(answer: Any) -> list[dict[str, Any]]:
    match answer:
        case {"results": [*listed]} | {"readings": [*listed]} | [*listed]:
            return list(listed)
    return [answer]


def shape(path: str) -> str:
    return "/".join("<>" if part[:1] in ("<", "{") else part for part in path.strip("/").split("/"))


def test_every_answer_is_narrowed_to_each_of_its_members(world: World) -> None:
    client, wrong, walked = signed_in(world.cast.owner), {}, 0
    described = {shape(path): members for path, members in choosing()}
    for route in views("GET"):
        for name in described[shape(route)]:
            narrowed = read(client, world, route, f"fields={name}")
            walked += 1
            if any(set(each) - {name} for each in objects(narrowed.json())):
                wrong[route, name] = narrowed.json()

    assert wrong == {}
    assert walked > 150


def test_every_get_with_json_has_members_to_choose(world: World) -> None:
    assert {shape(route) for route in views("GET")} <= {shape(path) for path, _ in choosing()}


def test_several_members_are_chosen_in_a_list_and_its_envelope_stays(cast: Cast) -> None:
    answer = client_of(cast.owner).get("/api/v1/sensors/?fields=name,id")

    assert answer.json()["results"] == [{"id": str(cast.sensor.uuid), "name": cast.sensor.name}]
    assert answer.json()["count"] == 1


@pytest.mark.parametrize("wanted", ["nomen", "id,nomen", "id,", "name id", "keys.text"])
def test_a_member_that_does_not_exist_is_refused_by_name(cast: Cast, wanted: str) -> None:
    answer = client_of(cast.owner).get("/api/v1/sensors/", {"fields": wanted})

    assert answer.status_code == 400
    assert "Known are: id, " in answer.json()["fields"]["fields"][0]


def test_a_refusal_is_whole(cast: Cast) -> None:
    answer = client_of(cast.outsider).get(f"/api/v1/sensors/{cast.sensor.uuid}/?fields=id")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_etags_are_of_what_is_answered(cast: Cast) -> None:
    client, path = client_of(cast.owner), f"/api/v1/sensors/{cast.sensor.uuid}/"

    tags = {client.get(path + query).headers["ETag"] for query in ("", "?fields=id", "?fields=name")}

    assert len(tags) == 3


def test_members_of_members_are_left_as_they_are() -> None:
    assert only({"a": None}, {"a": {"b": 1}, "c": 2}) == {"a": {"b": 1}}
    assert only({"a": None}, [{"a": 1, "b": 2}, 3]) == [{"a": 1}, 3]

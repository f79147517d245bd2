"""Every GET of the API has an ETag, and every change takes one: walked over the table of addresses."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from sensorfusion.web.api.conditional import CHANGES
from tests.clients import client_of
from tests.conftest import Cast
from tests.security.test_sight import ADDRESSES, PUBLIC, World, signed_in, world

__all__ = ["world"]
AS_JSON: dict[str, Any] = {"content_type": "application/json"}
FILES = {
    "api/v1/sensors/<uuid:uuid>/export/",
    "api/v1/exports/<uuid:export>/file/",
    "api/v1/auth/me/archive/",
}
# Series up to now are other ones at each request.
NEEDS = {"api/v1/explore/": "series={sensor}:temperature&to=2026-11-23T00:00:00Z"}


def views(method: str) -> Iterator[str]:
    for route, methods in ADDRESSES.items():
        if route.startswith("api/v1/") and methods.get(method, PUBLIC) != PUBLIC and route not in FILES:
            yield route


def read(client: Client, world: World, route: str, query: str = "", **headers: str) -> Any:
    needed = NEEDS.get(route, "").format(sensor=world.cast.sensor.uuid)
    return client.get(f"{world.path(route)}?{needed}&{query}", headers=headers)


def test_every_answer_has_an_etag_and_is_not_repeated_to_a_client_that_has_it(world: World) -> None:
    client, wrong = signed_in(world.cast.owner), {}
    for route in views("GET"):
        first = read(client, world, route)
        again = read(client, world, route, if_none_match=f'"other", W/{first.headers.get("ETag", "")}')
        other = read(client, world, route, if_none_match='"other"')
        if (first.status_code, again.status_code, again.content, other.status_code) != (200, 304, b"", 200):
            wrong[route] = (first.status_code, again.status_code, other.status_code)

    assert wrong == {}


def test_no_change_is_made_where_the_etag_is_another(world: World) -> None:
    client, wrong = signed_in(world.cast.owner), {}
    for method in CHANGES:
        for route in views(method):
            answer = getattr(client, method.lower())(
                world.path(route), world.body(route), headers={"if-match": '"of-another-day"'}, **AS_JSON
            )
            if (answer.status_code, answer.headers["Content-Type"]) != (412, "application/problem+json"):
                wrong[method, route] = answer.status_code

    assert wrong == {}


def test_a_change_is_made_where_the_etag_is_the_same(world: World) -> None:
    client, wrong = signed_in(world.cast.owner), {}
    for method in CHANGES:
        for route in views(method):
            if "GET" in ADDRESSES[route]:
                given = (world.path(route), world.body(route))
                plain = changed(client, method, *given)
                matched = changed(client, method, *given, if_match=read(client, world, route).headers["ETag"])
                if plain != matched:
                    wrong[method, route] = (plain, matched)

    assert wrong == {}


def changed(client: Client, method: str, path: str, body: dict[str, Any], **headers: str) -> int:
    with transaction.atomic():
        answer = getattr(client, method.lower())(path, body, headers=headers, **AS_JSON)
        transaction.set_rollback(True)
    return int(answer.status_code)


def test_the_second_of_two_does_not_overwrite_the_first(cast: Cast) -> None:
    client, path = client_of(cast.editor), f"/api/v1/sites/{cast.site.uuid}/"
    seen = client.get(path).headers["ETag"]

    first = client.patch(path, {"name": "North orchard"}, headers={"if-match": seen})
    second = client.patch(path, {"name": "South orchard"}, headers={"if-match": seen})

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["code"] == "precondition_failed"
    assert client.get(path).json()["name"] == "North orchard"


@pytest.mark.parametrize(("condition", "status"), [("*", 200), ('W/"a", "b"', 412), ("unquoted", 412), ("", 412)])
def test_conditions_are_read_as_http_has_them(cast: Cast, condition: str, status: int) -> None:
    answer = client_of(cast.owner).patch(
        f"/api/v1/sites/{cast.site.uuid}/", {"name": "Hill"}, headers={"if-match": condition}
    )

    assert answer.status_code == status


def test_a_compressed_answer_has_the_same_etag_as_a_weak_one(cast: Cast) -> None:
    client, path = client_of(cast.owner), f"/api/v1/sensors/{cast.sensor.uuid}/"
    weak = client.get(path, headers={"accept-encoding": "gzip"}).headers["ETag"]

    assert weak.startswith("W/")
    assert client.patch(path, {"name": "Mast"}, headers={"if-match": weak}).status_code == 200


def test_a_condition_shows_nothing_to_an_outsider(cast: Cast) -> None:
    path = f"/api/v1/sites/{cast.site.uuid}/"
    known = client_of(cast.owner).get(path).headers["ETag"]

    for condition in (known, '"x"', "*"):
        answer = client_of(cast.outsider).delete(path, headers={"if-match": condition})
        assert answer.status_code == 404
    assert client_of(cast.member).delete(path, headers={"if-match": '"x"'}).status_code in (403, 412)


def test_a_refused_change_leaves_no_lock_and_no_transaction(cast: Cast) -> None:
    client, path = client_of(cast.owner), f"/api/v1/sites/{cast.site.uuid}/"

    refused = client.patch(path, {"name": ""}, headers={"if-match": "*"})

    assert refused.status_code == 400
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert client.patch(path, {"name": "Hill"}, headers={"if-match": "*"}).status_code == 200


def test_a_method_that_an_address_has_not_stays_unknown(cast: Cast) -> None:
    answer = client_of(cast.owner).put("/api/v1/sites/", {}, headers={"if-match": '"x"'})

    assert answer.status_code == 405

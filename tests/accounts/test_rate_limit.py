"""Every answer to an operator says what is left to them, and one who asks too often is told how long to wait."""

import pytest
from pytest_django import Settings

from sensorfusion.accounts import rate_limit
from sensorfusion.accounts.rate_limit import Quota, Requests
from sensorfusion.config.env import read
from tests.clients import client_of
from tests.conftest import Cast
from tests.security.test_sight import PUBLIC, World, ask, everywhere, signed_in, world

__all__ = ["world"]
SITES = "/api/v1/sites/"


def limit(settings: Settings, most: int) -> None:
    settings.ENVIRONMENT = read({"OPERATOR_REQUESTS_PER_MINUTE": str(most)})


def test_every_answer_of_the_api_says_what_is_left(world: World) -> None:
    client, silent = signed_in(world.cast.owner), []
    for route, method, kind in everywhere():
        if route.startswith("api/v1/") and kind != PUBLIC:
            answer = ask(client if "logout" not in route else signed_in(world.cast.owner), world, route, method)
            if not answer.headers.get("RateLimit", "").startswith('"operator";r='):
                silent.append((method, route, answer.status_code))

    assert silent == []


def test_too_many_requests_are_refused_until_there_is_room(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(settings, 2)
    now = [0.0]
    monkeypatch.setattr(rate_limit, "REQUESTS", Requests(clock=lambda: now[0]))
    client = client_of(cast.owner)

    answers = [client.get(SITES) for _ in range(3)]
    now[0] = 30

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"operator";q=2;w=60'
    assert [answer.headers["RateLimit"] for answer in answers] == [
        '"operator";r=1;t=30',
        '"operator";r=0;t=60',
        '"operator";r=0;t=60',
    ]
    assert (answers[2].json()["code"], answers[2].headers["Retry-After"]) == ("throttled", "30")
    assert client.get(SITES).status_code == 200


def test_operators_do_not_share_a_limit_and_tokens_of_one_do(cast: Cast, settings: Settings) -> None:
    limit(settings, 1)

    assert client_of(cast.owner).get(SITES).status_code == 200
    assert client_of(cast.owner).get(SITES).status_code == 429
    assert client_of(cast.outsider).get(SITES).status_code == 200


def test_a_conditional_answer_says_it_too(cast: Cast) -> None:
    client, path = client_of(cast.owner), f"{SITES}{cast.site.uuid}/"
    tag = client.get(path).headers["ETag"]

    assert "RateLimit" in client.get(path, headers={"if-none-match": tag}).headers
    assert "RateLimit" in client.patch(path, {"name": "Hill"}, headers={"if-match": '"x"'}).headers


def test_no_limit_is_not_announced(cast: Cast, settings: Settings) -> None:
    limit(settings, 0)

    assert "RateLimit" not in client_of(cast.owner).get(SITES).headers


def test_memory_of_buckets_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_BUCKETS", 2)
    requests = Requests(clock=lambda: 0.0)

    left = [requests.take(operator, most=5).left for operator in (1, 2, 3, 2, 1)]

    assert left == [4, 4, 4, 3, 4]


def test_seconds_are_rounded_up_so_that_a_client_does_not_come_too_early() -> None:
    assert Quota(7, -0.5).next_in_s == 5
    assert Quota(7, 6).full_in_s == 9

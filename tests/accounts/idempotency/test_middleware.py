"""A POST that is sent again with its key is done once, whatever became of its answer: walked over all POSTs."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from time_machine import TimeMachineFixture

from sensorfusion.accounts.idempotency import answers, middleware
from sensorfusion.accounts.idempotency.answers import LIFE, Sent
from sensorfusion.accounts.models import KeptAnswer, TokenScope
from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.sensors.models import Key, Sensor, Site
from tests.clients import client_of
from tests.conftest import Cast
from tests.security.test_sight import World, signed_in, world
from tests.web.api.test_conditional import AS_JSON, views

__all__ = ["world"]
SENSORS = "/api/v1/sensors/"


def key(text: str = "3e0c") -> dict[str, str]:
    return {"idempotency-key": text}


def test_every_post_is_answered_again_as_before(world: World) -> None:
    wrong, walked = {}, 0
    for route in set(views("POST")) - {"api/v1/auth/logout/"}:  # which ends what it is sent with
        first, again, other = at_once(signed_in(world.cast.owner), world, route)
        if first.status_code < 300:
            walked += 1
            said = (again.status_code, again.content, again.headers.get("Idempotency-Replayed"), other.status_code)
            if said != (first.status_code, first.content, "true", 422):
                wrong[route] = said

    assert wrong == {}
    assert walked >= 5


def at_once(client: Client, world: World, route: str) -> list[Any]:
    """Send a request twice, then another with the same key; undo what they did."""
    path, body, headers = world.path(route), world.body(route), key(str(uuid4()))
    with transaction.atomic():
        bodies = (body, body, {**body, "name": "Another"})
        sent = [client.post(path, each, headers=headers, **AS_JSON) for each in bodies]
        transaction.set_rollback(True)
    return sent


def test_sensor_is_registered_once_and_its_key_is_shown_again(cast: Cast) -> None:
    client = client_of(cast.owner)

    first, again = (client.post(SENSORS, {"name": "Mast"}, headers=key()) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Sensor.objects.filter(name="Mast").count() == Key.objects.filter(sensor__name="Mast").count() == 1


def test_no_secret_can_be_read_from_what_is_stored(cast: Cast) -> None:
    text = client_of(cast.owner).post(SENSORS, {"name": "Mast"}, headers=key("guess-me")).json()["key"]

    [kept] = KeptAnswer.objects.values()
    assert not [one for one in kept.values() if text in str(one) or "guess-me" in str(one)]


def test_another_body_with_the_same_key_is_refused(cast: Cast) -> None:
    client = client_of(cast.owner)
    client.post(SENSORS, {"name": "Mast"}, headers=key())

    other = client.post(SENSORS, {"name": "Roof"}, headers=key())
    elsewhere = client.post("/api/v1/sites/", {"name": "Mast"}, headers=key())

    assert (other.status_code, elsewhere.status_code) == (422, 422)
    assert other.json()["code"] == "key_used_otherwise"
    assert not Sensor.objects.filter(name="Roof").exists()


def test_a_refused_request_may_be_corrected_with_the_same_key(cast: Cast) -> None:
    client = client_of(cast.owner)

    assert client.post(SENSORS, {"name": ""}, headers=key()).status_code == 400
    assert client.post(SENSORS, {"name": "Mast"}, headers=key()).status_code == 201


def test_keys_of_others_and_of_other_tokens_have_nothing_to_do_with_it(cast: Cast) -> None:
    clients = client_of(cast.owner), client_of(cast.owner), client_of(cast.outsider)

    told = [client.post("/api/v1/sites/", {"name": "Hill"}, headers=key()).json()["id"] for client in clients]

    assert len(set(told)) == 3


def test_a_token_that_may_not_do_it_is_not_told_either(cast: Cast) -> None:
    answer = client_of(cast.owner, scope=TokenScope.READ).post(SENSORS, {"name": "Mast"}, headers=key())

    assert answer.status_code == 403
    assert not KeptAnswer.objects.exists()


def test_what_was_done_without_its_answer_being_stored_was_not_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(middleware, "keep", fail)
    client = client_of(cast.owner)
    client.raise_request_exception = False

    assert client.post("/api/v1/sites/", {"name": "Hill"}, headers=key()).status_code == 500
    assert not Site.objects.filter(name="Hill").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_time_one_is_told_to_wait(cast: Cast) -> None:
    client = client_of(cast.owner)
    token = cast.owner.tokens.get()
    sent = Sent(operator=cast.owner, token=token, key="3e0c", request=b"")
    with psycopg.connect(conninfo()) as other:
        other.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [answers._LOCK, answers._number(sent)])
        under_way = client.post(SENSORS, {"name": "Mast"}, headers=key())

    assert (under_way.status_code, under_way.json()["code"]) == (409, "key_in_use")
    assert under_way.headers["Retry-After"] == "1"
    assert client.post(SENSORS, {"name": "Mast"}, headers=key()).status_code == 201


def test_a_key_is_new_after_a_day(cast: Cast, time_machine: TimeMachineFixture) -> None:
    client, now = client_of(cast.owner), utc_now()
    time_machine.move_to(now, tick=False)
    first = client.post("/api/v1/sites/", {"name": "Hill"}, headers=key()).json()
    time_machine.move_to(now + LIFE, tick=False)

    assert client.post("/api/v1/sites/", {"name": "Hill"}, headers=key()).json()["id"] != first["id"]
    assert KeptAnswer.objects.count() == 1


def test_an_operator_has_so_many_keys(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST", 1)
    client = client_of(cast.owner)
    client.post("/api/v1/sites/", {"name": "Hill"}, headers=key())

    excess = client.post("/api/v1/sites/", {"name": "Dale"}, headers=key("other"))
    again = client.post("/api/v1/sites/", {"name": "Hill"}, headers=key())

    assert (excess.status_code, excess.json()["code"], again.status_code) == (429, "too_many_keys", 201)
    assert excess.headers["Retry-After"]


@pytest.mark.parametrize("text", ["", "two words", "ü", "x" * 256])
def test_a_key_that_is_none_is_refused(cast: Cast, text: str) -> None:
    answer = client_of(cast.owner).post(SENSORS, {"name": "Mast"}, headers=key(text))

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_key")


def test_answers_end_with_the_account(cast: Cast) -> None:
    client_of(cast.outsider).post("/api/v1/sites/", {"name": "Hill"}, headers=key())
    cast.outsider.delete()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_keptanswer")
        assert cursor.fetchone() == (0,)

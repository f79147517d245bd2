"""The API of webhooks: for owners; secrets are shown once; tests, the log, and sending again."""

from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import Settings

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.config.env import Environment
from sensorfusion.sensors.keys.encryption import decrypt
from sensorfusion.sensors.services import close_account
from sensorfusion.webhooks.models import Delivery, Webhook
from sensorfusion.webhooks.services import TESTS_PER_HOUR, WEBHOOKS_MOST
from tests.clients import client_of
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db

PATH = "/api/v1/webhooks/"


def given(cast: Cast, **fields: Any) -> dict[str, Any]:
    made = {"site": str(cast.site.uuid), "name": "Archive", "url": "https://example.org/in", "events": ["readings"]}
    return made | fields


def made(cast: Cast, **fields: Any) -> dict[str, Any]:
    answer = client_of(cast.owner).post(PATH, given(cast, **fields))
    assert answer.status_code == 201, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def test_secret_is_shown_once_and_stored_sealed(cast: Cast) -> None:
    webhook = made(cast)
    shown = client_of(cast.owner).get(f"{PATH}{webhook['id']}/").json()

    row = Webhook.objects.get()
    assert webhook["secret"] not in (row.secret, row.old_secret)
    assert decrypt(row.secret) == webhook.pop("secret")
    assert shown == webhook
    assert shown == {
        "id": str(row.uuid), "site": str(cast.site.uuid), "name": "Archive", "url": "https://example.org/in",
        "events": ["readings"], "sensors": None, "readings_most": 200, "readings_every_s": 10, "is_on": True,
        "is_allowed": True, "old_secret_until": None, "made_by": {"email": "owner@example.org", "name": "Owner"} | {
            name: value for name, value in shown["made_by"].items() if name not in ("email", "name")
        }, "made_at": shown["made_at"],
    }  # fmt: skip


def test_sensors_can_be_chosen_and_all_of_the_site_again(cast: Cast) -> None:
    webhook = made(cast, sensors=[str(cast.sensor.uuid)])
    assert webhook["sensors"] == [str(cast.sensor.uuid)]

    changed = client_of(cast.owner).patch(f"{PATH}{webhook['id']}/", {"sensors": None, "is_on": False})

    assert (changed.json()["sensors"], changed.json()["is_on"]) == (None, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://example.org/in"},
        {"url": "https://user:password@example.org/"},
        {"url": "ftp://example.org/"},
        {"url": "https://[::1/"},
        {"events": []},
        {"events": ["rain"]},
        {"readings_most": 0},
        {"readings_most": 1001},
        {"readings_every_s": 0},
        {"sensors": []},
        {"name": "\u202ename"},
        {"site": "00000000-0000-4000-8000-000000000000"},
    ],
)
def test_what_is_wrong_is_named(cast: Cast, wrong: dict[str, Any]) -> None:
    answer = client_of(cast.owner).post(PATH, given(cast, **wrong))

    assert answer.status_code == 400
    assert {name.partition(".")[0] for name in answer.json()["fields"]} == wrong.keys()


def test_address_without_encryption_needs_private_networks_that_are_allowed(cast: Cast, settings: Settings) -> None:
    settings.ENVIRONMENT = Environment(poll_allow_networks=("192.168.0.0/16",))

    assert made(cast, url="http://192.168.1.20/in")["url"] == "http://192.168.1.20/in"


def test_sensors_of_another_site_are_refused(cast: Cast) -> None:
    Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.OWNER)

    answer = client_of(cast.owner).post(PATH, given(cast, sensors=[str(cast.other_sensor.uuid)]))

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["sensors"])
    assert not Webhook.objects.exists()


def test_webhook_stays_at_its_site(cast: Cast) -> None:
    Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.OWNER)
    path = f"{PATH}{made(cast)['id']}/"

    assert client_of(cast.owner).patch(path, {"site": str(cast.other_site.uuid)}).status_code == 400
    assert client_of(cast.owner).patch(path, {"site": str(cast.site.uuid)}).status_code == 200


def test_site_has_so_many_webhooks_at_most(cast: Cast) -> None:
    for _ in range(WEBHOOKS_MOST):
        made(cast)

    answer = client_of(cast.owner).post(PATH, given(cast))

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")


def asked(operator: Operator, webhook: str, delivery: str) -> list[tuple[str, HttpResponse]]:
    """Ask everything about a webhook, and delete it at last."""
    client, path = client_of(operator), f"{PATH}{webhook}/"
    return [
        ("get", client.get(path)),
        ("patch", client.patch(path, {"name": "Mine"})),
        ("rotate", client.post(f"{path}rotate/")),
        ("test", client.post(f"{path}test/")),
        ("replay", client.post(f"{path}replay/", {"since": "2026-01-01T00:00:00Z"})),
        ("deliveries", client.get(f"{path}deliveries/")),
        ("replay one", client.post(f"{path}deliveries/{delivery}/replay/")),
        ("delete", client.delete(path)),
    ]


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("member", 403), ("editor", 403)])
def test_others_than_owners_learn_and_change_nothing(cast: Cast, who: str, status: int) -> None:
    webhook = made(cast)
    delivery = client_of(cast.owner).post(f"{PATH}{webhook['id']}/test/").json()
    person = getattr(cast, who)

    assert client_of(person).get(PATH).json()["results"] == []
    assert client_of(person).post(PATH, given(cast)).status_code == (400 if who == "outsider" else 403)
    assert {name: answer.status_code for name, answer in asked(person, webhook["id"], delivery["id"])} == {
        name: status for name, _ in asked(person, webhook["id"], delivery["id"])
    }
    assert (Webhook.objects.get().name, Delivery.objects.count()) == ("Archive", 1)


def test_owner_may_do_everything(cast: Cast) -> None:
    webhook = made(cast)
    delivery = client_of(cast.owner).post(f"{PATH}{webhook['id']}/test/").json()

    answers = {name: each.status_code for name, each in asked(cast.owner, webhook["id"], delivery["id"])}

    assert answers == {
        "get": 200, "patch": 200, "rotate": 200, "test": 202, "replay": 200, "deliveries": 200, "replay one": 200,
        "delete": 204,
    }  # fmt: skip
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def test_log_of_one_webhook_has_nothing_of_another(cast: Cast) -> None:
    first, second = made(cast)["id"], made(cast)["id"]
    delivery = client_of(cast.owner).post(f"{PATH}{first}/test/").json()

    assert [each["id"] for each in client_of(cast.owner).get(f"{PATH}{first}/deliveries/").json()["results"]] == [
        delivery["id"]
    ]
    assert client_of(cast.owner).get(f"{PATH}{second}/deliveries/").json()["results"] == []
    assert client_of(cast.owner).post(f"{PATH}{second}/deliveries/{delivery['id']}/replay/").status_code == 404


@pytest.mark.usefixtures("stopped_clock")
def test_tests_are_limited(cast: Cast) -> None:
    path, client = f"{PATH}{made(cast)['id']}/test/", client_of(cast.owner)
    statuses = [client.post(path).status_code for _ in range(TESTS_PER_HOUR + 1)]

    assert statuses == [202] * TESTS_PER_HOUR + [429]


def test_rotation_keeps_the_old_secret_for_a_day(cast: Cast) -> None:
    webhook = made(cast)
    answer = client_of(cast.owner).post(f"{PATH}{webhook['id']}/rotate/").json()

    row = Webhook.objects.get()
    assert [decrypt(row.secret), decrypt(row.old_secret)] == [answer["secret"], webhook["secret"]]
    assert answer["secret"] != webhook["secret"]


def test_list_names_those_of_a_site_and_of_which_the_maker_owns_it_no_more(cast: Cast) -> None:
    Membership.objects.filter(operator=cast.editor).update(role=Role.OWNER)
    made(cast)
    Membership.objects.filter(operator=cast.owner).update(role=Role.EDITOR)
    client = client_of(cast.editor)

    [shown] = client.get(PATH, {"site": str(cast.site.uuid)}).json()["results"]
    assert shown["is_allowed"] is False
    changed = client.patch(f"{PATH}{shown['id']}/", {"name": "Taken over"}).json()

    assert (changed["is_allowed"], changed["made_by"]["email"]) == (True, cast.editor.email)


def test_webhooks_end_with_the_account_of_their_maker(cast: Cast) -> None:
    Membership.objects.filter(operator=cast.editor).update(role=Role.OWNER)
    made(cast)
    close_account(operator=cast.owner, password=PASSWORD)

    assert not Webhook.objects.exists()

"""Every list with pages can be read by cursor, and shows each object once while others come and go."""

from typing import Any

import pytest
from django.test import Client

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.services import issue_token
from sensorfusion.alerts.services import make_rule
from sensorfusion.readings.models import SensorState
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors import services
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.webhooks.models import Webhook
from sensorfusion.webhooks.planning import add_delivery
from sensorfusion.webhooks.services import make_webhook
from tests.clients import NOW, client_of
from tests.conftest import Cast
from tests.operations import is_view
from tests.web.api.test_chosen_members import generator

SENSORS = "/api/v1/sensors/"


def pages(client: Any, path: str, **query: str) -> list[list[Any]]:
    """Read a list to its end."""
    answer, read = client.get(path, {"cursor": "start", "page_size": "2", **query}), []
    while True:
        assert answer.status_code == 200, answer.content
        read.append(answer.json()["results"])
        if answer.json()["next"] is None:
            return read
        answer = client.get(answer.json()["next"])


def with_pages() -> list[str]:
    described = generator().get_schema(request=None, public=True)["paths"]
    return [
        path
        for path, methods in described.items()
        if "get" in methods
        and is_view(methods["get"])
        and "page_size" in [each["name"] for each in methods["get"].get("parameters", ())]
    ]


@pytest.fixture
def full(cast: Cast) -> Cast:
    for number in range(5):
        site = services.create_site(by=cast.owner, now=NOW, name=f"Field {number % 2}")
        services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name=f"Probe {number}")
        make_rule(by=cast.owner, site=cast.site, now=NOW, quantity="temperature", condition="above", high=number)
        issue_token(operator=cast.owner, label=f"Script {number}", now=NOW)
        make_note(by=cast.owner, sensor=cast.sensor, starts_at=NOW, text=f"Shield {number}", now=NOW)
        assert site.pk
    webhook = make_webhook(
        by=cast.owner, site=cast.site, now=NOW, name="Archive", url="https://example.org/", events=["readings"]
    ).webhook
    for _ in range(5):
        add_delivery(webhook=webhook, event="test", now=NOW)
    for sensor in Sensor.objects.filter(name__in=("Probe 1", "Probe 3")):
        SensorState.objects.update_or_create(sensor=sensor, defaults={"received_at": NOW})
    return cast


def test_every_list_is_the_same_by_cursor_and_by_number(full: Cast) -> None:
    client, several = client_of(full.owner), 0

    for path in with_pages():
        of = full.sensor if path.startswith(SENSORS) else full.site
        address = path.replace("{uuid}", str(of.uuid)).replace("{webhook}", str(Webhook.objects.get().uuid))
        whole = client.get(address).json()["results"]
        assert [each for page in pages(client, address) for each in page] == whole, path
        several += len(whole) > 2
    assert several >= 7


@pytest.mark.parametrize("ordering", ["name", "-name", "created_at", "-created_at", "last_seen", "-last_seen"])
def test_each_order_is_kept_with_nulls_and_equals(full: Cast, ordering: str) -> None:
    client = client_of(full.owner)
    whole = client.get(SENSORS, {"ordering": ordering}).json()["results"]

    assert [each for page in pages(client, SENSORS, ordering=ordering) for each in page] == whole


def test_nothing_is_repeated_or_skipped_when_others_come_and_go(full: Cast) -> None:
    client = client_of(full.owner)
    first = client.get(SENSORS, {"cursor": "start", "page_size": "3"}).json()
    Sensor.objects.get(name="Orchard station").delete()
    services.add_sensor(by=full.owner, site=full.site, now=NOW, name="Anemometer")

    second = client.get(first["next"]).json()

    assert [each["name"] for each in first["results"]] == ["Orchard station", "Probe 0", "Probe 1"]
    assert [each["name"] for each in second["results"]] == ["Probe 2", "Probe 3", "Probe 4"]


def test_a_cursor_keeps_the_filter_and_the_chosen_members(full: Cast) -> None:
    read = pages(client_of(full.owner), "/api/v1/sites/", search="field 1", fields="name", page_size="1")

    assert read == [[{"name": "Field 1"}], [{"name": "Field 1"}]]


@pytest.mark.parametrize("cursor", ["2", "WyJuYW1lIl0:1vA:x", "%00", "x" * 2000])
def test_a_cursor_that_was_not_written_here_is_refused(cast: Cast, cursor: str) -> None:
    answer = client_of(cast.owner).get(SENSORS, {"cursor": cursor})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["cursor"])


def test_a_cursor_is_of_one_order_and_no_number_goes_with_it(full: Cast) -> None:
    client = client_of(full.owner)
    cursor = client.get(SENSORS, {"cursor": "start", "page_size": "2"}).json()["next"]

    assert client.get(f"{cursor}&ordering=-name").status_code == 400
    assert client.get(f"{cursor}&page=2").status_code == 400


def test_a_cursor_of_another_operator_shows_only_what_one_may_see(full: Cast) -> None:
    following = client_of(full.owner).get(SENSORS, {"cursor": "start", "page_size": "2"}).json()["next"]

    assert client_of(full.outsider).get(following).json()["results"] == []


def test_sites_are_narrowed_and_ordered(full: Cast) -> None:
    client: Client = client_of(full.owner)
    Site.objects.filter(name="Field 1").update(name="Meadow")

    def named(**query: str) -> list[str]:
        return [each["name"] for each in client.get("/api/v1/sites/", query).json()["results"]]

    assert named(search="ORCH") == ["Orchard"]
    assert named(ordering="-name") == ["Orchard", "Meadow", "Meadow", "Field 0", "Field 0", "Field 0"]
    assert named(role="viewer") == []
    assert client.get("/api/v1/sites/", {"role": "king"}).status_code == 400


def test_the_audit_log_is_narrowed_to_actions(full: Cast) -> None:
    client = client_of(full.owner)

    found = client.get("/api/v1/auth/audit/", {"action": Action.SITE_CREATED, "search": "field 1"}).json()

    assert [(each["action"], each["subject"]) for each in found["results"]] == [("site_created", "Field 1")] * 2

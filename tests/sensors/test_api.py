from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors import services
from sensorfusion.sensors.models import Key, Sensor, Site, Status
from tests.clients import NOW, anybody, client_of
from tests.conftest import Cast

SENSORS = "/api/v1/sensors/"


def address(sensor: Sensor) -> str:
    return f"{SENSORS}{sensor.uuid}/"


def names(answer: Any) -> list[str]:
    return [sensor["name"] for sensor in answer.json()["results"]]


# Reading


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_members_see_the_sensor(cast: Cast, who: str) -> None:
    client = client_of(getattr(cast, who))

    assert names(client.get(SENSORS)) == ["Orchard station"]
    body = client.get(address(cast.sensor)).json()
    assert body["id"] == str(cast.sensor.uuid)
    assert body["site"] == str(cast.site.uuid)
    assert body["last_seen"] is None
    assert "key" not in body


def test_outsider_sees_nothing(cast: Cast) -> None:
    client = client_of(cast.outsider)

    assert names(client.get(SENSORS)) == ["Harbour station"]
    for path in (address(cast.sensor), address(cast.sensor) + "keys/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.json() == client.get(f"{SENSORS}{uuid4()}/").json()


def test_nobody_sees_anything_without_signing_in(cast: Cast) -> None:
    for path in (SENSORS, address(cast.sensor), address(cast.sensor) + "keys/"):
        assert anybody().get(path).status_code == 401


def test_addresses_answer_without_their_last_slash(cast: Cast) -> None:
    client = client_of(cast.owner)
    key = services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key

    assert client.get(SENSORS.rstrip("/")).status_code == 200
    assert client.get(address(cast.sensor).rstrip("/")).status_code == 200
    assert client.get(address(cast.sensor) + "keys").status_code == 200
    assert client.delete(address(cast.sensor) + f"keys/{key.prefix}").status_code == 204


def test_times_are_utc_with_their_microseconds(cast: Cast) -> None:
    at = datetime(2026, 11, 22, 6, 0, 0, 123456, tzinfo=UTC)
    SensorState.objects.create(sensor=cast.sensor, received_at=at)

    body = client_of(cast.member).get(address(cast.sensor)).json()

    assert body["last_seen"] == "2026-11-22T06:00:00.123456Z"
    assert body["created_at"].endswith("Z")


def test_list_is_narrowed_and_ordered(cast: Cast) -> None:
    hut = services.create_site(by=cast.owner, now=NOW, name="Hut")
    services.add_sensor(by=cast.owner, site=hut, now=NOW, name="Cellar", transport="mqtt")
    client = client_of(cast.owner)

    assert names(client.get(SENSORS, {"search": "CELL"})) == ["Cellar"]
    assert names(client.get(SENSORS, {"site": str(hut.uuid)})) == ["Cellar"]
    assert names(client.get(SENSORS, {"site": str(cast.other_site.uuid)})) == []
    assert names(client.get(SENSORS, {"transport": "mqtt"})) == ["Cellar"]
    assert names(client.get(SENSORS, {"status": ["active", "paused"]})) == ["Orchard station"]
    assert names(client.get(SENSORS, {"ordering": "-name"})) == ["Orchard station", "Cellar"]


@pytest.mark.parametrize("query", [{"site": "orchard"}, {"status": "broken"}, {"ordering": "digest"}])
def test_filter_that_cannot_be_is_refused(cast: Cast, query: dict[str, str]) -> None:
    answer = client_of(cast.owner).get(SENSORS, query)

    assert answer.status_code == 400
    assert set(query) <= set(answer.json()["fields"])


def test_pages_show_every_sensor_once(cast: Cast) -> None:
    site = services.create_site(by=cast.owner, now=NOW, name="Field")
    Sensor.objects.bulk_create(Sensor(site=site, name=f"Probe {n}", created_at=NOW) for n in range(7))
    client = client_of(cast.owner)
    query = {"site": str(site.uuid), "ordering": "created_at", "page_size": "3"}

    pages = [client.get(SENSORS, {**query, "page": str(page)}) for page in (1, 2, 3)]

    assert sorted(name for page in pages for name in names(page)) == [f"Probe {n}" for n in range(7)]
    assert client.get(SENSORS, {**query, "page": "4"}).status_code == 404


def test_list_takes_as_many_queries_for_many_sensors_as_for_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Sensor.objects.bulk_create(Sensor(site=cast.site, name=f"Probe {n}") for n in range(30))
    client = client_of(cast.owner)

    with django_assert_max_num_queries(4):  # token, its use, count, sensors
        assert len(names(client.get(SENSORS))) == 31


# Writing


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_new_sensor_answers_its_key_once(cast: Cast, who: str) -> None:
    client = client_of(getattr(cast, who))

    answer = client.post(SENSORS, {"site": str(cast.site.uuid), "name": "Cellar", "latitude": 52.1, "longitude": 21.0})

    assert answer.status_code == 201
    body = answer.json()
    assert (body["name"], body["status"], body["latitude"]) == ("Cellar", "pending", 52.1)
    secret = body["key"].partition("-")[2]
    for path in (f"{SENSORS}{body['id']}/", f"{SENSORS}{body['id']}/keys/", SENSORS):
        assert secret not in client.get(path).content.decode()


def test_viewer_registers_no_sensor(cast: Cast) -> None:
    answer = client_of(cast.member).post(SENSORS, {"site": str(cast.site.uuid), "name": "Cellar"})

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"
    assert Sensor.objects.filter(site=cast.site).count() == 1


def test_site_of_others_does_not_exist_for_a_new_sensor(cast: Cast) -> None:
    client = client_of(cast.outsider)

    theirs = client.post(SENSORS, {"site": str(cast.site.uuid), "name": "Cellar"})
    nowhere = client.post(SENSORS, {"site": str(uuid4()), "name": "Cellar"})

    assert theirs.status_code == nowhere.status_code == 400
    assert set(theirs.json()["fields"]) == {"site"}
    assert cast.site.name not in theirs.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"latitude": 91},
        {"longitude": "east"},
        {"transport": "pigeon"},
        {"interval_s": 0},
        {"installed_on": "yesterday"},
        {"elevation_m": "inf"},
    ],
)
def test_sensor_that_cannot_be_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    body = {"site": str(cast.site.uuid), "name": "Cellar", **wrong}

    answer = client_of(cast.owner).post(SENSORS, body)

    assert answer.status_code == 400
    assert Sensor.objects.filter(site=cast.site).count() == 1


def test_number_too_large_for_a_float_is_refused(cast: Cast) -> None:
    body = f'{{"site": "{cast.site.uuid}", "name": "Cellar", "elevation_m": 1e999}}'

    answer = client_of(cast.owner).post(SENSORS, body, content_type="application/json")

    assert answer.status_code == 400
    assert "elevation_m" in answer.json()["fields"]


def test_name_that_is_taken_is_a_conflict(cast: Cast) -> None:
    answer = client_of(cast.owner).post(SENSORS, {"site": str(cast.site.uuid), "name": "Orchard station"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "name_taken"
    assert "name" in answer.json()["fields"]


def test_sensor_is_changed_paused_resumed_and_moved(cast: Cast) -> None:
    client = client_of(cast.owner)
    hut = services.create_site(by=cast.owner, now=NOW, name="Hut")

    renamed = client.patch(address(cast.sensor), {"name": "Old station", "status": "paused"}).json()
    resumed = client.patch(address(cast.sensor), {"status": "active"}).json()
    moved = client.patch(address(cast.sensor), {"site": str(hut.uuid)}).json()

    assert (renamed["name"], renamed["status"]) == ("Old station", "paused")
    assert resumed["status"] == "pending"  # it has never sent anything
    assert moved["site"] == str(hut.uuid)
    assert client_of(cast.member).get(address(cast.sensor)).status_code == 404


def test_sensor_cannot_be_made_pending(cast: Cast) -> None:
    answer = client_of(cast.owner).patch(address(cast.sensor), {"status": "pending"})

    assert answer.status_code == 400
    assert "status" in answer.json()["fields"]


def test_ids_and_dates_cannot_be_written(cast: Cast) -> None:
    before = Sensor.objects.get(pk=cast.sensor.pk)

    client_of(cast.owner).patch(address(cast.sensor), {"id": str(uuid4()), "created_at": "2020-01-01T00:00:00Z"})

    after = Sensor.objects.get(pk=cast.sensor.pk)
    assert (after.uuid, after.created_at) == (before.uuid, before.created_at)


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404)])
def test_viewers_and_outsiders_change_nothing(cast: Cast, who: str, status: int) -> None:
    client = client_of(getattr(cast, who))
    key = services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key
    whole = {"site": str(cast.site.uuid), "name": "Renamed"}

    assert client.patch(address(cast.sensor), {"name": "Renamed"}).status_code == status
    assert client.put(address(cast.sensor), whole).status_code == status
    assert client.delete(address(cast.sensor)).status_code == status
    assert client.post(address(cast.sensor) + "keys/", {}).status_code == status
    assert client.delete(address(cast.sensor) + f"keys/{key.prefix}/").status_code == status
    cast.sensor.refresh_from_db()
    assert cast.sensor.name == "Orchard station"
    assert Key.objects.get() == key
    assert Key.objects.get().revoked_at is None


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_deleted_sensor_is_gone(cast: Cast, who: str) -> None:
    client = client_of(getattr(cast, who))

    assert client.delete(address(cast.sensor)).status_code == 204
    assert client.get(address(cast.sensor)).status_code == 404


# Keys


def test_sensor_without_a_site_goes_to_the_oldest_one_that_may_be_edited(cast: Cast) -> None:
    answer = client_of(cast.owner).post(SENSORS, {"name": "Probe"})

    assert answer.status_code == 201
    assert answer.json()["site"] == str(cast.site.uuid)


def test_viewer_without_a_site_of_their_own_gets_one_with_the_first_sensor(cast: Cast) -> None:
    answer = client_of(cast.member).post(SENSORS, {"name": "Probe"})

    assert answer.status_code == 201
    assert answer.json()["site"] not in (str(cast.site.uuid), str(cast.other_site.uuid))


def test_keys_are_listed_without_their_secret(cast: Cast, now: datetime) -> None:
    issued = services.rotate_key(by=cast.owner, sensor=cast.sensor, now=now)

    answer = client_of(cast.member).get(address(cast.sensor) + "keys/")

    assert [set(key) for key in answer.json()] == [{"prefix", "made_by", "created_at", "last_used_at", "revoked_at"}]
    assert answer.json()[0]["made_by"] == "Owner"
    assert answer.json()[0]["prefix"] == issued.key.prefix
    assert issued.text not in answer.content.decode()


def test_rotation_answers_the_new_key_once(cast: Cast) -> None:
    client = client_of(cast.editor)
    old = services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key

    made = client.post(address(cast.sensor) + "keys/", {})
    old.refresh_from_db()
    still_works = old.revoked_at is None
    again = client.post(address(cast.sensor) + "keys/", {"revoke_old": True})

    assert made.status_code == again.status_code == 201
    assert made.json()["key"].startswith(made.json()["prefix"])
    assert still_works
    assert [key["revoked_at"] is None for key in client.get(address(cast.sensor) + "keys/").json()] == [
        True,
        False,
        False,
    ]


def test_key_is_revoked_once(cast: Cast) -> None:
    client = client_of(cast.editor)
    path = address(cast.sensor) + f"keys/{services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key.prefix}/"

    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 409
    assert Key.objects.get().revoked_at is not None


def test_key_of_another_sensor_is_not_revoked_through_ones_own(cast: Cast) -> None:
    key = services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key

    answer = client_of(cast.outsider).delete(address(cast.other_sensor) + f"keys/{key.prefix}/")

    assert answer.status_code == 404
    assert Key.objects.get().revoked_at is None


def test_sensor_is_not_smuggled_into_a_site_one_only_looks_at(cast: Cast) -> None:
    Membership.objects.create(operator=cast.outsider, site=cast.site, role=Role.VIEWER)

    answer = client_of(cast.outsider).patch(address(cast.other_sensor), {"site": str(cast.site.uuid)})

    assert answer.status_code == 403
    assert Sensor.objects.get(pk=cast.other_sensor.pk).site == Site.objects.get(pk=cast.other_site.pk)
    assert Sensor.objects.get(pk=cast.sensor.pk).status == Status.ACTIVE

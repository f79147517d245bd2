"""Links by the API: what is made, changed, refused and revoked, and by whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.sharing.models import Share
from tests.clients import client_of
from tests.conftest import Cast
from tests.storing import store

FOREVER = "2199-06-01T08:00:00Z"


@pytest.fixture
def cast_with_readings(cast: Cast) -> Cast:
    at = datetime.now(UTC) - timedelta(minutes=1)
    for sensor in (cast.sensor, cast.other_sensor):
        store(sensor, [(at, {"temperature": 12.5, "humidity": 61})])
    return cast


def ask(operator: Operator, method: str, path: str = "", body: Any = None) -> Any:
    return getattr(client_of(operator), method)(f"/api/v1/shares/{path}", body)


def fields(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"sensor": str(cast.sensor.uuid), "name": "Garden air", "quantities": ["humidity"], **more}


def made(cast: Cast, **more: Any) -> dict[str, Any]:
    answer = ask(cast.editor, "post", "", fields(cast, **more))
    assert answer.status_code == 201, answer.json()
    told: dict[str, Any] = answer.json()
    return told


def test_a_link_is_made_and_its_address_is_told_once(cast_with_readings: Cast) -> None:
    cast = cast_with_readings
    told = made(cast, history="7d", place="narrow", password="open, sesame", expires_at=FOREVER)

    share = Share.objects.get()
    assert (share.quantities, share.history, share.grid, share.made_by) == (["humidity"], "7d", 10, cast.editor)
    assert share.expires_at == parse_datetime(FOREVER)
    path = told.pop("url").removeprefix("http://testserver")
    assert "A shared page" in Client().get(path).content.decode()
    assert "password" not in told
    assert (told["has_password"], told["place"], told["is_open"]) == (True, "narrow", True)
    assert ask(cast.editor, "get", f"{told['id']}/").json() == told
    assert ask(cast.owner, "get").json()["results"] == [told]


def test_a_changed_link_shows_at_once_what_it_says_now(cast_with_readings: Cast) -> None:
    cast = cast_with_readings
    told = made(cast)
    path = told["url"].removeprefix("http://testserver")

    change = {
        "quantities": ["temperature"],
        "name": "Air",
        "history": "30d",
        "expires_at": FOREVER,
        "origins": ["https://a.org"],
    }
    changed = ask(cast.owner, "patch", f"{told['id']}/", change)

    assert (changed.status_code, changed.json()["name"], changed.json()["history"]) == (200, "Air", "30d")
    assert changed.json()["origins"] == ["https://a.org"]
    assert Client().get(f"{path}latest/").json()["values"].keys() == {"temperature"}
    entry = AuditEntry.objects.filter(by=cast.owner.email, action__startswith="share").latest("id")
    assert entry.action == "share_changed"
    assert entry.subject == (
        "Orchard station: Garden air (humidity) → Orchard station: Air (temperature); "
        "changed: name, quantities, history, end, embedding sites"
    )


def test_the_same_again_changes_and_records_nothing(cast_with_readings: Cast) -> None:
    cast = cast_with_readings
    told = made(cast)
    before = AuditEntry.objects.count()

    same = {"name": told["name"], "sensor": told["sensor"], "quantities": told["quantities"]}
    assert ask(cast.editor, "patch", f"{told['id']}/", same).status_code == 200
    assert AuditEntry.objects.filter(action__startswith="share").count() == 1 <= before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantities": []}, "quantities"),
        ({"quantities": ["pressure"]}, "quantities"),
        ({"quantities": "humidity"}, "quantities"),
        ({"name": "two\nlines"}, "name"),
        ({"expires_at": "2020-01-01T10:00:00Z"}, "expires"),
        ({"history": "5m"}, "history"),
        ({"place": "exact"}, "place"),
        ({"place": 0}, "place"),
        ({"origins": ["*"]}, "origins"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(cast_with_readings: Cast, wrong: dict[str, Any], field: str) -> None:
    cast = cast_with_readings
    told = made(cast)
    for method, path, body in (("post", "", fields(cast, **wrong)), ("patch", f"{told['id']}/", wrong)):
        answer = ask(cast.editor, method, path, body)

        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert field in answer.json()["fields"], answer.json()
    told.pop("url")
    assert ask(cast.editor, "get").json()["results"] == [told]


def test_a_link_keeps_its_sensor_and_its_password(cast_with_readings: Cast) -> None:
    cast = cast_with_readings
    Membership.objects.create(operator=cast.outsider, site=cast.site, role=Role.EDITOR)
    told = made(cast, password="open, sesame")

    for field, value in (("sensor", str(cast.other_sensor.uuid)), ("password", "another, sesame")):
        answer = ask(cast.outsider, "patch", f"{told['id']}/", {field: value})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_revoked_link_shows_nothing(cast_with_readings: Cast) -> None:
    cast = cast_with_readings
    told = made(cast)

    assert ask(cast.owner, "delete", f"{told['id']}/").status_code == 204

    assert Client().get(told["url"].removeprefix("http://testserver")).status_code == 404
    assert ask(cast.owner, "get", f"{told['id']}/").status_code == 404


def test_viewers_and_outsiders_learn_of_no_link(cast_with_readings: Cast) -> None:
    cast = cast_with_readings
    told = made(cast)
    for operator, status, as_new in ((cast.member, 403, 403), (cast.outsider, 404, 400)):
        assert ask(operator, "get").json()["results"] == []
        assert ask(operator, "get", f"?sensor={cast.sensor.uuid}").json()["results"] == []
        for method, body in (("get", None), ("patch", {"name": "x"}), ("delete", None)):
            assert ask(operator, method, f"{told['id']}/", body).status_code == status
        assert ask(operator, "post", "", fields(cast)).status_code == as_new
    assert Share.objects.get().name == "Garden air"


def test_the_list_is_narrowed_by_sensor_and_by_site(cast_with_readings: Cast) -> None:
    cast = cast_with_readings
    Membership.objects.create(operator=cast.editor, site=cast.other_sensor.site, role=Role.EDITOR)
    here, there = made(cast), made(cast, sensor=str(cast.other_sensor.uuid))

    def listed(query: str) -> list[str]:
        return [each["id"] for each in ask(cast.editor, "get", query).json()["results"]]

    assert listed("") == [there["id"], here["id"]]
    assert listed(f"?sensor={cast.sensor.uuid}") == [here["id"]]
    assert listed(f"?site={cast.other_sensor.site.uuid}") == [there["id"]]

"""The API of reports by e-mail: of one's own, to sensors that one may see."""

import uuid
from typing import Any

import pytest

from sensorfusion.accounts.models import Membership, Operator
from sensorfusion.documents.mailing import services
from sensorfusion.documents.mailing.models import ReportSubscription
from tests.clients import client_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

PATH = "/api/v1/report-subscriptions/"


def add(operator: Operator, cast: Cast, every: str = "day") -> Any:
    return client_of(operator).post(PATH, {"sensor": str(cast.sensor.uuid), "every": every})


def listed(operator: Operator, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client_of(operator).get(f"{PATH}{query}").json()["results"]
    return found


def test_a_viewer_has_a_report_sent_and_stops_it(cast: Cast) -> None:
    made = add(cast.member, cast)
    row = ReportSubscription.objects.get()
    assert (made.status_code, row.operator) == (201, cast.member)
    assert made.json() == {
        "id": str(row.uuid),
        "sensor": str(cast.sensor.uuid),
        "every": "day",
        "with_pdf": False,
        "made_at": made.json()["made_at"],
    }
    assert listed(cast.member) == [made.json()]
    assert client_of(cast.member).get(f"{PATH}{row.uuid}/").json() == made.json()

    assert client_of(cast.member).delete(f"{PATH}{row.uuid}/").status_code == 204
    assert listed(cast.member) == []


def test_what_comes_already_is_answered_as_it_is_and_others_stay(cast: Cast) -> None:
    first, month = add(cast.owner, cast), add(cast.owner, cast, "month")
    again = add(cast.owner, cast)

    assert (month.status_code, again.status_code, again.json()) == (201, 200, first.json())
    assert ReportSubscription.objects.count() == 2


def test_a_request_that_is_repeated_with_its_key_is_answered_once(cast: Cast) -> None:
    client, given = client_of(cast.owner), {"sensor": str(cast.sensor.uuid), "every": "day"}
    answers = [client.post(PATH, given, headers={"Idempotency-Key": "monday"}) for _ in range(2)]

    assert [(each.status_code, each.json()) for each in answers] == [(201, answers[0].json())] * 2


def test_only_one_s_own_are_seen_and_stopped(cast: Cast) -> None:
    made = add(cast.owner, cast).json()

    for other in (cast.editor, cast.member, cast.outsider):
        assert listed(other) == []
        assert client_of(other).get(f"{PATH}{made['id']}/").status_code == 404
        assert client_of(other).delete(f"{PATH}{made['id']}/").status_code == 404
    assert ReportSubscription.objects.count() == 1


def test_an_outsider_learns_nothing_of_the_sensor(cast: Cast) -> None:
    of_theirs = add(cast.outsider, cast)
    cast_of_none = client_of(cast.outsider).post(PATH, {"sensor": str(uuid.uuid4()), "every": "day"})

    assert (of_theirs.status_code, cast_of_none.status_code) == (400, 400)
    assert of_theirs.json()["fields"].keys() == cast_of_none.json()["fields"].keys() == {"sensor"}
    assert not ReportSubscription.objects.exists()


def test_with_the_right_the_subscription_is_gone(cast: Cast) -> None:
    made = add(cast.member, cast).json()
    Membership.objects.filter(operator=cast.member).delete()

    assert listed(cast.member) == []
    assert client_of(cast.member).get(f"{PATH}{made['id']}/").status_code == 404


@pytest.mark.parametrize("wrong", [{"every": "hour"}, {"every": ["day"]}, {"sensor": 7}, {"sensor": None}])
def test_what_is_no_report_is_refused_by_its_member(cast: Cast, wrong: dict[str, Any]) -> None:
    given = {"sensor": str(cast.sensor.uuid), "every": "day"} | wrong
    found = client_of(cast.owner).post(PATH, given)

    assert (found.status_code, found["Content-Type"]) == (400, "application/problem+json")
    assert found.json()["fields"].keys() == wrong.keys()


def test_there_is_a_limit_of_one_person(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    add(cast.owner, cast)
    found = add(cast.owner, cast, "week")

    assert (found.status_code, found.json()["code"]) == (409, "limit_reached")
    assert add(cast.member, cast).status_code == 201


def test_the_list_is_narrowed_by_site_and_sensor(cast: Cast) -> None:
    made = add(cast.owner, cast).json()

    assert listed(cast.owner, f"?sensor={cast.sensor.uuid}&site={cast.site.uuid}") == [made]
    assert listed(cast.owner, f"?sensor={cast.other_sensor.uuid}") == []
    assert listed(cast.owner, f"?site={cast.other_site.uuid}") == []


def test_an_unchanged_list_is_answered_304(cast: Cast) -> None:
    add(cast.owner, cast)
    client = client_of(cast.owner)
    etag = client.get(PATH)["ETag"]

    assert client.get(PATH, headers={"If-None-Match": etag}).status_code == 304


def test_the_pdf_is_asked_for_and_no_more(cast: Cast) -> None:
    client = client_of(cast.owner)
    given = {"sensor": str(cast.sensor.uuid), "every": "day"}
    assert client.post(PATH, given).json()["with_pdf"] is False

    again = client.post(PATH, given | {"with_pdf": True})

    assert (again.status_code, again.json()["with_pdf"]) == (200, True)
    assert client.post(PATH, given).json()["with_pdf"] is True
    assert client.post(PATH, given | {"with_pdf": "perhaps"}).status_code == 400

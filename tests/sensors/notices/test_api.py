"""The API of notices: owners and editors read and clear them, viewers may not, outsiders see nothing."""

import pytest
from django.test import Client

from sensorfusion.sensors.notices.models import Notice
from tests.conftest import Cast

EDITORS = ("owner", "editor")


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    wrong = "900 °C is above 100 °C"
    Notice.objects.create(sensor=cast.sensor, code="out_of_range", subject="temperature", detail=wrong, count=3)
    Notice.objects.create(site=cast.site, code="unknown_sensor", subject="attic", detail="x")


def paths(cast: Cast) -> list[str]:
    return [f"/api/v1/sensors/{cast.sensor.uuid}/notices/", f"/api/v1/sites/{cast.site.uuid}/notices/"]


@pytest.mark.parametrize("who", EDITORS)
def test_owners_and_editors_read_them(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    of_sensor, of_site = paths(cast)

    [notice] = client.get(of_sensor).json()
    assert notice["code"] == "out_of_range"
    assert notice["subject"] == "temperature"
    assert notice["detail"] == "900 °C is above 100 °C"
    assert notice["advice"] == "The value is not physically possible. Check the unit and the sensor."
    assert notice["count"] == 3
    assert notice["first_at"] <= notice["last_at"]
    assert [each["subject"] for each in client.get(of_site).json()] == ["attic"]


@pytest.mark.parametrize("who", EDITORS)
def test_owners_and_editors_clear_them(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))

    for path in paths(cast):
        assert client.delete(path).status_code == 204
        assert client.get(path).json() == []


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404), (None, 401)])
def test_others_do_neither(client: Client, cast: Cast, who: str | None, status: int) -> None:
    if who:
        client.force_login(getattr(cast, who))

    for path in paths(cast):
        for answer in (client.get(path), client.delete(path)):
            assert answer.status_code == status
            assert b"attic" not in answer.content
            assert b"900" not in answer.content
    assert Notice.objects.count() == 2

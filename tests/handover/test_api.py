"""The endpoints of handing a sensor over."""

import pytest

from sensorfusion.sensors.models import Sensor, SensorOffer
from tests.clients import client_of
from tests.conftest import Cast

OFFERS = "/api/v1/sensor-offers/"


def offered(cast: Cast, email: str = "outsider@example.org") -> str:
    made = client_of(cast.owner).post(f"/api/v1/sensors/{cast.sensor.uuid}/offer/", {"email": email})
    assert made.status_code == 201
    return str(made.json()["id"])


def test_owner_offers_looks_and_withdraws(cast: Cast) -> None:
    owner, path = client_of(cast.owner), f"/api/v1/sensors/{cast.sensor.uuid}/offer/"
    assert owner.get(path).status_code == 404
    number = offered(cast)

    shown = owner.get(path).json()

    assert (shown["id"], shown["email"], shown["status"]) == (number, "outsider@example.org", "offered")
    assert owner.delete(path).status_code == 204
    assert owner.delete(path).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("member", 403), ("outsider", 404)])
def test_others_neither_offer_nor_see_an_offer(cast: Cast, who: str, status: int) -> None:
    offered(cast, "new@example.org")
    client, path = client_of(getattr(cast, who)), f"/api/v1/sensors/{cast.sensor.uuid}/offer/"

    assert {client.get(path).status_code, client.post(path, {"email": "b@example.org"}).status_code} == {status}
    assert client.delete(path).status_code == status
    assert client.get(OFFERS).json() == []


def test_other_side_accepts(cast: Cast) -> None:
    number, client = offered(cast), client_of(cast.outsider)
    [waiting] = client.get(OFFERS).json()
    assert (waiting["id"], waiting["sensor_name"], waiting["offered_by"]) == (number, "Orchard station", "Owner")
    assert "site" not in waiting
    assert "sensor" not in waiting

    answer = client.post(f"{OFFERS}{number}/accept/", {"site": str(cast.other_site.uuid), "name": "Mast"})

    assert (answer.status_code, answer.json()["name"], answer.json()["site"]) == (
        200,
        "Mast",
        str(cast.other_site.uuid),
    )
    assert Sensor.objects.get(pk=cast.sensor.pk).site == cast.other_site
    assert client.post(f"{OFFERS}{number}/accept/", {"site": str(cast.other_site.uuid)}).status_code == 404


def test_other_side_declines(cast: Cast) -> None:
    number = offered(cast)

    assert client_of(cast.outsider).post(f"{OFFERS}{number}/decline/").status_code == 204
    again = client_of(cast.owner).post(f"/api/v1/sensors/{cast.sensor.uuid}/offer/", {"email": "outsider@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "invitation_declined")


def test_site_of_others_and_bad_addresses_are_refused(cast: Cast) -> None:
    number = offered(cast)
    taken = client_of(cast.outsider).post(f"{OFFERS}{number}/accept/", {"site": str(cast.site.uuid)})
    bad = client_of(cast.owner).post(f"/api/v1/sensors/{cast.sensor.uuid}/offer/", {"email": "nobody"})

    assert (taken.status_code, bad.status_code) == (400, 400)
    assert SensorOffer.objects.count() == 1


def test_token_that_is_bound_to_a_site_accepts_nothing(cast: Cast) -> None:
    number = offered(cast)
    client = client_of(cast.outsider, sites=[cast.other_site.pk])

    answer = client.post(f"{OFFERS}{number}/accept/", {"site": str(cast.other_site.uuid)})

    assert (answer.status_code, answer.json()["code"]) == (403, "narrow_token")

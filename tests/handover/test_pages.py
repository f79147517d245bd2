"""The pages of handing a sensor over: of the owner, and of the other side."""

from datetime import datetime

import pytest
from django.test import Client

from sensorfusion.sensors.models import Sensor, SensorOffer
from sensorfusion.sensors.transfer.offers import offer
from tests.conftest import Cast
from tests.security.test_sight import signed_in


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/sensors/{cast.sensor.uuid}/hand-over/"


def test_owner_offers_and_withdraws(cast: Cast, page: str) -> None:
    owner = signed_in(cast.owner)

    made = owner.post(page, {"email": "new@example.org"}, follow=True).text
    assert "Orchard station is offered to new@example.org" in made
    assert "Offered to new@example.org" in owner.get(page).text

    assert "The offer is withdrawn." in owner.post(f"{page}withdraw/", follow=True).text
    assert not SensorOffer.objects.exists()


@pytest.mark.parametrize(("who", "shown", "sent"), [("editor", 200, 403), ("member", 403, 403), ("outsider", 404, 404)])
def test_others_offer_nothing(cast: Cast, page: str, who: str, shown: int, sent: int) -> None:
    client = signed_in(getattr(cast, who))

    assert client.get(page).status_code == shown
    assert client.post(page, {"email": "new@example.org"}).status_code == sent
    assert client.post(f"{page}withdraw/").status_code == sent
    assert not SensorOffer.objects.exists()


def test_other_side_sees_the_offer_and_accepts_it(cast: Cast, now: datetime) -> None:
    made = offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=now)
    client, answer = signed_in(cast.outsider), f"/invitations/sensors/{made.uuid}/"
    assert "Orchard station is offered to you." in " ".join(client.get("/sensors/").text.split())
    assert answer in client.get("/invitations/").text
    shown = client.get(answer).text
    assert "Harbour" in shown
    assert "Orchard</" not in shown.replace("Orchard station", "")

    done = client.post(answer, {"site": str(cast.other_site.uuid), "name": "Mast"})

    assert done["Location"] == f"/sensors/{cast.sensor.uuid}/settings/"
    moved = Sensor.objects.get(pk=cast.sensor.pk)
    assert (moved.site, moved.name) == (cast.other_site, "Mast")
    assert client.get(answer).status_code == 404


def test_other_side_revokes_the_keys_and_is_led_to_them(cast: Cast, now: datetime) -> None:
    made = offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=now)
    given = {"site": str(cast.other_site.uuid), "name": "Mast", "revoke_keys": "on"}

    done = signed_in(cast.outsider).post(f"/invitations/sensors/{made.uuid}/", given)

    assert done["Location"] == f"/sensors/{cast.sensor.uuid}/keys/"


def test_other_side_takes_it_to_no_site_of_others(cast: Cast, now: datetime) -> None:
    made = offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=now)

    answer = signed_in(cast.outsider).post(
        f"/invitations/sensors/{made.uuid}/", {"site": str(cast.site.uuid), "name": "x"}
    )

    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert SensorOffer.objects.exists()


def test_other_side_declines(cast: Cast, now: datetime, page: str) -> None:
    made = offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=now)

    said = signed_in(cast.outsider).post(f"/invitations/sensors/{made.uuid}/decline/", follow=True).text

    assert "You declined Orchard station." in said
    assert "outsider@example.org declined it." in signed_in(cast.owner).get(page).text


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_nobody_else_answers(cast: Cast, now: datetime, who: str) -> None:
    made = offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=now)
    client = signed_in(getattr(cast, who))

    assert client.get(f"/invitations/sensors/{made.uuid}/").status_code == 404
    assert client.post(f"/invitations/sensors/{made.uuid}/decline/").status_code == 404
    assert "Sensors offered to you" not in client.get("/invitations/").text


def test_visitor_is_asked_to_sign_in(cast: Cast, now: datetime) -> None:
    made = offer(by=cast.owner, sensor=cast.sensor, email="new@example.org", now=now)

    assert Client().get(f"/invitations/sensors/{made.uuid}/")["Location"].startswith("/sign-in/")

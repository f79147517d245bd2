"""A GET of every address of the running application answers with a page, also where only a form is sent to."""

import pytest
from django.test import Client

from sensorfusion.accounts.models import Operator
from tests.clients import let_go
from tests.conftest import Cast
from tests.security.test_sight import ADDRESSES, World, signed_in, world

__all__ = ["world"]
PAGES = sorted(route for route in ADDRESSES if not route.startswith(("api/", "clients/")))
FORMS = [route for route in PAGES if "GET" not in ADDRESSES[route]]


def administrator(world: World) -> Operator:
    """Return the owner, who administers the installation as well."""
    owner = world.cast.owner
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return owner


def test_every_page_answers_a_get_with_a_page(world: World) -> None:
    client, wrong = signed_in(administrator(world)), {}
    for route in PAGES:
        answer = client.get(world.path(route), follow=True)
        # A link that is sent, a passkey, of which there is none here, and what is offered to another operator.
        elsewhere = ("<token>", "passkeys/<", "<uuid:offer>")
        if answer.status_code != 200 and not any(part in route for part in elsewhere):
            wrong[route] = answer.status_code
        assert answer.streaming or answer.content, route
        let_go(answer)

    assert wrong == {}


@pytest.mark.parametrize("route", FORMS)
def test_the_address_of_a_form_leads_to_the_page_with_that_form(world: World, route: str) -> None:
    address = world.path(route)

    answer = signed_in(administrator(world)).get(address, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] != address


def test_the_address_of_a_form_tells_a_stranger_nothing(cast: Cast) -> None:
    address = f"/sensors/{cast.sensor.uuid}/delete/"

    assert Client().get(address)["Location"].startswith("/sign-in/")
    assert signed_in(cast.outsider).get(address, follow=True).status_code == 404


def test_the_address_of_a_form_takes_no_other_method(cast: Cast) -> None:
    answer = signed_in(cast.owner).put(f"/sensors/{cast.sensor.uuid}/delete/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")

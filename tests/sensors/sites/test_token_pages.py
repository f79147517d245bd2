import pytest
from django.test import Client

from sensorfusion.accounts.models import ApiToken
from tests.conftest import Cast

GATEWAY = {"label": "gateway", "scope": "send", "life": "30"}


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_a_member_makes_a_token_of_the_site_that_is_shown_once(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))

    answer = client.post(f"/sites/{cast.site.uuid}/tokens/", GATEWAY)

    token = ApiToken.objects.get()
    assert answer["Location"] == "/account/"
    assert (token.scope, token.is_bound, list(token.sites.all())) == ("send", True, [cast.site])
    shown = client.get("/account/").content.decode()
    assert "Copy it now" in shown
    assert "at Orchard" in shown
    assert "Copy it now" not in client.get("/account/").content.decode()


def test_an_outsider_makes_none(client: Client, cast: Cast) -> None:
    client.force_login(cast.outsider)

    assert client.post(f"/sites/{cast.site.uuid}/tokens/", GATEWAY).status_code == 404
    assert not ApiToken.objects.exists()


def test_a_form_that_is_refused_says_why(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    answer = client.post(f"/sites/{cast.site.uuid}/tokens/", {**GATEWAY, "label": ""})

    assert answer.status_code == 400
    assert "required" in answer.content.decode()

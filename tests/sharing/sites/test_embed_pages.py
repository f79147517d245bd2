"""The cards of a site in pages of other sites: what they show, and who may embed them."""

import re
from typing import Any

import pytest
from django.test import Client

from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.sites.queries import link_of
from sensorfusion.sharing.sites.services import end_page
from tests.conftest import Cast
from tests.sharing.sites.conftest import SPARE, Make
from tests.sharing.sites.test_owner_pages import posted

BLOG = "https://blog.example.org"


def cards(client: Client, address: str, query: str = "") -> Any:
    return client.get(f"/p/{address}/embed/cards/{query}")


def test_nobody_embeds_a_page_that_names_no_site(client: Client, make: Make) -> None:
    answer = cards(client, link_of(make(slug="north-road")))

    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_the_sites_of_a_page_may_embed_its_cards_and_nothing_else(client: Client, make: Make) -> None:
    address = link_of(make(origins=["https://Blog.example.org/", "http://10.0.0.5:8080"]))
    answer = cards(client, address)

    assert "frame-ancestors https://blog.example.org http://10.0.0.5:8080" in answer["Content-Security-Policy"].split(
        "; "
    )
    assert "X-Frame-Options" not in answer
    assert "noindex" in answer["X-Robots-Tag"]
    for other in ("", "latest/", "picture.svg", "?kiosk=1"):
        assert "frame-ancestors 'none'" in client.get(f"/p/{address}/{other}")["Content-Security-Policy"]


@pytest.mark.parametrize("origin", ["*", "https://a.org; script-src *", "https://a.org/path", "'self'"])
def test_a_site_that_could_change_the_policy_is_refused(make: Make, origin: str) -> None:
    with pytest.raises(Refusal) as refused:
        make(origins=[origin])

    assert refused.value.field == "origins"


def test_they_show_the_chosen_and_of_nothing_else_a_trace(
    client: Client, cast: Cast, hidden: Sensor, make: Make
) -> None:
    answer = cards(client, link_of(make(origins=[BLOG], slug="north-road")))
    told = answer.content.decode() + str(answer.headers)

    assert "<h2><bdi>Garden</bdi></h2>" in told
    assert "<b>12.5</b>" in told
    assert re.findall(r'data-q="(\w+)"', told) == ["humidity"]
    assert SPARE not in told
    assert not any(each in told for each in ("271", "Pressure", str(cast.sensor.uuid), str(hidden.uuid)))


def test_theme_units_and_background_are_chosen_in_the_address(client: Client, make: Make) -> None:
    address = link_of(make())
    plain = cards(client, address).content.decode()
    chosen = cards(client, address, "?theme=dark&units=us&transparent=1").content.decode()

    assert '<html lang="en" data-theme="auto" data-units="metric" data-clock="24" >' in plain
    assert '<html lang="en" data-theme="dark" data-units="us" data-clock="24" data-transparent>' in chosen
    assert "°F" in chosen


def test_a_page_with_a_password_is_not_embedded_and_an_ended_one_shows_nothing(
    client: Client, cast: Cast, make: Make
) -> None:
    page = make(password="open, sesame seed", origins=[BLOG])
    assert cards(client, link_of(page)).status_code == 404

    page = make(origins=[BLOG])
    end_page(by=cast.owner, page=page)

    answer = cards(client, link_of(page))
    assert answer.status_code == 404
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_the_sites_are_written_in_the_form_and_by_the_api(client: Client, cast: Cast, make: Make) -> None:
    page = make()
    client.force_login(cast.editor)
    form = f"/sites/{cast.site.uuid}/sharing/"

    assert client.post(form, posted(cast, origins=f"{BLOG}\nhttps://club.example.org")).status_code == 302
    page.refresh_from_db()
    assert page.origins == [BLOG, "https://club.example.org"]
    html = client.get(form).content.decode()
    assert f"{BLOG}\nhttps://club.example.org</textarea>" in html
    assert "embed/cards/" in html
    assert "without a path" in client.post(form, posted(cast, origins="nonsense")).content.decode()

    api = f"/api/v1/site-shares/{page.uuid}/"
    assert client.get(api).json()["origins"] == [BLOG, "https://club.example.org"]
    changed = client.patch(api, {"origins": [BLOG]}, content_type="application/json")
    assert changed.json()["origins"] == [BLOG]
    assert client.patch(api, {"about": "Mine"}, content_type="application/json").json()["origins"] == [BLOG]

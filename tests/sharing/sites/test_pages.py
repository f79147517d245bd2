"""The page of a site shows the chosen quantities of the chosen sensors, to those who have its address."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.sensors.models import Sensor, Status
from sensorfusion.sharing.counting import VIEWS_OF_PAGES
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.sites.queries import link_of
from sensorfusion.sharing.sites.services import Part, Shown, end_page, share_site
from sensorfusion.sharing.tokens import copied
from tests.conftest import Cast
from tests.sharing.sites.conftest import SPARE, Make, now
from tests.storing import store

PASSWORD = "open, sesame seed"
KINDS = ("", "latest/", "picture.svg", "picture.png")


def told(answer: Any) -> str:
    return str(answer.content.decode(errors="replace")) + str(answer.headers) + str(answer.cookies)


def part_of(page: SiteShare) -> str:
    share = page.parts.get()
    return copied(seed=bytes(share.seed), stored=bytes(share.digest))


def test_a_page_shows_the_chosen_and_of_nothing_else_a_trace(
    client: Client, cast: Cast, hidden: Sensor, make: Make
) -> None:
    for slug in (None, "north-road"):
        address = f"/p/{link_of(make(slug=slug))}/"
        answers = [client.get(f"{address}{each}") for each in (*KINDS[:3], "?view=map", "picture.svg?units=us")]

        assert [answer.status_code for answer in answers] == [200] * 5
        for answer in answers:
            assert SPARE not in told(answer)
            assert "271" not in told(answer).replace(str(answer.headers.get("ETag")), "")
            for one in (cast.site, cast.sensor, hidden):
                assert str(one.uuid) not in told(answer)
            assert "Pressure" not in told(answer)
            assert "52.24" not in told(answer), "the place is rounded"
        assert "Garden" in told(answers[0])
        assert ">12.5<" in told(answers[0])
        assert answers[1].json()["cards"].popitem()[1]["number"] == "12.5"


def test_a_picture_keeps_its_tag_while_only_what_is_not_shown_changes(
    client: Client, cast: Cast, hidden: Sensor, make: Make
) -> None:
    address = f"/p/{link_of(make())}/picture.svg"
    before = client.get(address)["ETag"]

    Sensor.objects.filter(pk=hidden.pk).update(name="Another")
    cast.sensor.state.values = {**cast.sensor.state.values, "pressure": 1.0}
    cast.sensor.state.save()

    assert client.get(address)["ETag"] == before


def test_a_card_leads_to_the_page_of_its_sensor_and_back(client: Client, make: Make) -> None:
    page = make(slug="north-road", history="7d")

    shown = client.get("/p/north-road/").content.decode()
    part = client.get(f"/s/{part_of(page)}/?r=7d").content.decode()

    assert f'href="/s/{part_of(page)}/"' in shown
    assert '<a href="/p/north-road/">North Road</a>' in part
    assert 'href="?r=7d" aria-current="true"' in part


def test_only_a_public_page_may_be_listed(client: Client, make: Make) -> None:
    page = make(slug="north-road")
    token = copied(seed=bytes(page.seed), stored=bytes(page.digest))

    public = client.get("/p/north-road/")
    kept = (f"/p/{token}/", "/p/north-road/latest/", f"/s/{part_of(page)}/", "/p/none/")
    others = [client.get(each) for each in kept]

    assert "X-Robots-Tag" not in public.headers
    assert "noindex" not in public.content.decode()
    assert '<link rel="canonical" href="http://testserver/p/north-road/">' in public.content.decode()
    assert all("noindex" in answer["X-Robots-Tag"] for answer in others)
    assert all("no-store" in answer["Cache-Control"] for answer in (public, *others))

    make(slug=None)
    assert client.get("/p/north-road/").status_code == 404
    assert '<meta name="robots" content="noindex, nofollow">' in client.get(f"/p/{token}/").content.decode()


@pytest.mark.parametrize("ending", ["revoked", "member removed", "viewer", "closed account", "expired"])
def test_a_page_ends_with_the_right_of_its_maker_and_its_sensors_with_it(
    client: Client, cast: Cast, make: Make, ending: str
) -> None:
    page = make(by=cast.editor)
    address, part = f"/p/{link_of(page)}/", f"/s/{part_of(page)}/"
    assert [client.get(each).status_code for each in (address, part)] == [200, 200]

    held = Membership.objects.filter(operator=cast.editor, site=cast.site)
    match ending:
        case "revoked":
            end_page(by=cast.owner, page=page)
        case "member removed":
            held.delete()
        case "viewer":
            held.update(role=Role.VIEWER)
        case "closed account":
            cast.editor.is_active = False
            cast.editor.save()
        case "expired":
            SiteShare.objects.filter(pk=page.pk).update(expires_at=now() - timedelta(seconds=1))

    assert {client.get(f"{address}{each}").status_code for each in KINDS} == {404}
    assert {client.get(f"{part}{each}").status_code for each in ("", "latest/", "card.json", "series/")} == {404}


def test_a_sensor_that_moves_away_leaves_the_page(client: Client, cast: Cast, make: Make) -> None:
    """Even to a site where the maker is an editor as well: the page is that of its site."""
    page = make()
    address, part = f"/p/{link_of(page)}/", f"/s/{part_of(page)}/"
    Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.OWNER)

    Sensor.objects.filter(pk=cast.sensor.pk).update(site=cast.other_site)

    assert client.get(f"{address}latest/").json()["cards"] == {}
    assert "Garden" not in client.get(address).content.decode()
    assert client.get(part).status_code == 404


def test_an_editor_who_saves_a_page_is_its_maker_from_then_on(client: Client, cast: Cast, make: Make) -> None:
    page = make(by=cast.editor)
    Membership.objects.filter(operator=cast.editor).delete()
    address = f"/p/{link_of(page)}/"
    assert client.get(address).status_code == 404

    make(by=cast.owner)

    assert client.get(address).status_code == 200


def test_a_password_opens_the_page_and_its_sensors(client: Client, make: Make) -> None:
    page = make(password=PASSWORD)
    address, part = f"/p/{link_of(page)}/", f"/s/{part_of(page)}/"

    assert "12.5" not in client.get(address).content.decode()
    assert {client.get(f"{address}{each}").status_code for each in KINDS[1:]} == {404}
    assert "12.5" not in client.get(part).content.decode()
    assert client.post(address, {"password": "another word"}).status_code == 400

    assert client.post(address, {"password": PASSWORD}).headers["Location"] == address
    assert "12.5" in client.get(address).content.decode()
    assert "12.5" in client.get(part).content.decode()

    make(password="a second password")
    assert "12.5" not in client.get(address).content.decode()
    assert "12.5" not in client.get(part).content.decode()


def test_the_password_of_a_sensor_of_a_page_is_that_of_the_page(client: Client, make: Make) -> None:
    part = f"/s/{part_of(make(password=PASSWORD))}/"

    assert client.post(part, {"password": PASSWORD}).status_code == 302
    assert "12.5" in client.get(part).content.decode()


def test_views_of_a_page_are_counted(client: Client, make: Make) -> None:
    page = make()

    client.get(f"/p/{link_of(page)}/")
    client.head(f"/p/{link_of(page)}/")
    client.get(f"/p/{link_of(page)}/?again=1")  # what an open page fetches
    VIEWS_OF_PAGES.write()

    page.refresh_from_db()
    assert page.views == 1


def test_statements_of_a_page_do_not_grow_with_its_sensors(
    client: Client, cast: Cast, make: Make, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    parts = []
    for each in range(60):
        sensor = Sensor.objects.create(site=cast.site, name=f"Room {each}", status=Status.ACTIVE)
        store(sensor, [(now() - timedelta(minutes=2 - minute), {"temperature": 20.5}) for minute in range(2)])
        parts.append(Part(sensor, f"Room {each}", ["temperature"]))
    page = share_site(by=cast.owner, site=cast.site, shown=Shown("Rooms", parts), now=now())

    with django_assert_max_num_queries(10):
        answer = client.get(f"/p/{link_of(page)}/")

    assert answer.content.decode().count("data-part=") == 60

"""Nothing more becomes visible while an administrator has closed sharing, by any way; less always may."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, Final

import pytest
from django.test import Client

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import switch_feature
from sensorfusion.accounts.models import Membership
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.models import Grid, Screen, Share, ShareRight, SiteShare
from sensorfusion.sharing.serializers import ShareSerializer
from sensorfusion.sharing.services import change_share, make_share
from sensorfusion.sharing.sites.services import Part, Shown, share_site, shown_by
from tests.conftest import Cast
from tests.security.test_sight import ADDRESSES, ours
from tests.sharing.screens.test_pages import code_of
from tests.sharing.sites.conftest import Make, hidden, make, now

__all__ = ["hidden", "make"]
SOON, LATER = timedelta(days=1), timedelta(days=2)


def close(cast: Cast, *, is_on: bool = False) -> None:
    switch_feature(by=cast.owner, feature=Feature.SHARING, is_on=is_on, now=now())


def is_refused(change: Callable[[], Any]) -> bool:
    try:
        change()
    except Refusal as refused:
        return refused.code == "switched_off"
    return False


# What each field of a page may be: first the narrower, then the wider. A field without an example shows nothing more.
PAGE: Final[dict[str, tuple[Any, Any]]] = {
    "parts": (["temperature"], ["temperature", "humidity"]),
    "slug": (None, "north-road"),
    "history": ("24h", "7d"),
    "grid": (Grid.WIDE, Grid.NARROW),
    "expires_at": (SOON, None),
    "origins": ([], ["https://example.org"]),
    "password": ("open, sesame", ""),
}
SAYS_NO_MORE: Final = {"name", "about"}
LINK: Final[dict[str, tuple[Any, Any]]] = {
    "quantities": (["temperature"], ["temperature", "humidity"]),
    "history": ("24h", "7d"),
    "grid": (Grid.HIDDEN, Grid.WIDE),
    "expires_at": (SOON, LATER),
    "origins": ([], ["https://example.org"]),
}


def test_every_field_of_pages_and_links_has_an_example() -> None:
    serializer = ShareSerializer()
    written = {each.source for each in serializer.fields.values() if not each.read_only}

    assert PAGE.keys() | SAYS_NO_MORE == {each.name for each in fields(Shown)}
    assert LINK.keys() | {"name"} == written - {"sensor", "password"}  # which stay as they were made


def page_with(cast: Cast, field: str, value: Any) -> Callable[[], SiteShare]:
    shown = Shown("North Road", [Part(cast.sensor, "Garden", ["temperature"])])
    if field == "parts":
        value = [Part(cast.sensor, "Garden", value)]
    value = now() + value if isinstance(value, timedelta) else value
    return lambda: share_site(by=cast.owner, site=cast.site, shown=replace(shown, **{field: value}), now=now())


@pytest.mark.parametrize("field", PAGE)
@pytest.mark.usefixtures("make")
def test_a_page_shows_less_but_never_more(cast: Cast, field: str) -> None:
    narrow, wide = (page_with(cast, field, value) for value in PAGE[field])
    narrow()
    close(cast)

    assert is_refused(wide)
    close(cast, is_on=True)
    wide()
    close(cast)
    assert not is_refused(wide)
    assert not is_refused(narrow)


@pytest.mark.parametrize("field", LINK)
@pytest.mark.usefixtures("make")
def test_a_link_shows_less_but_never_more(cast: Cast, field: str) -> None:
    narrow, wide = (now() + each if isinstance(each, timedelta) else each for each in LINK[field])
    given: dict[str, Any] = {"quantities": ["temperature"], field: narrow}
    made = make_share(by=cast.owner, sensor=cast.sensor, name="x", now=now(), **given)

    def change(value: Any) -> Callable[[], Share]:
        share = Share.objects.get(pk=made.share.pk)
        return lambda: change_share(by=cast.owner, share=share, now=now(), **{field: value})

    close(cast)

    assert is_refused(change(wide))
    assert not is_refused(change(narrow))
    close(cast, is_on=True)
    assert not is_refused(change(wide))
    close(cast)
    assert not is_refused(change(narrow))


def test_a_page_that_has_ended_is_not_opened_again(cast: Cast, make: Make) -> None:
    page = make()
    SiteShare.objects.filter(pk=page.pk).update(expires_at=now() - SOON)
    close(cast)

    assert is_refused(page_with(cast, "expires_at", None))


def test_nor_is_that_of_an_editor_who_left_by_another_who_saves_it(cast: Cast, make: Make) -> None:
    page = make(by=cast.editor)
    Membership.objects.filter(operator=cast.editor).delete()
    close(cast)

    assert is_refused(lambda: share_site(by=cast.owner, site=cast.site, shown=shown_by(page), now=now()))


# Every address of sharing that takes what is written, with what it is sent: it shows more, or it does not.
SHOWS_MORE: Final = {
    "tv/open/": {"POST"},
    "sites/<uuid:uuid>/sharing/": {"POST"},
    "sensors/<uuid:uuid>/shares/": {"POST"},
    "sensors/<uuid:uuid>/public/": {"POST"},
    "api/v1/shares/": {"POST"},
    "api/v1/site-shares/": {"POST"},
    "api/v1/site-shares/<uuid:page>/": {"PATCH"},
    "api/v1/shares/<uuid:share>/": {"PATCH"},
}
SHOWS_NO_MORE: Final = {
    "": "shows the overview, or the front page",
    "s/<str:token>/": "takes the password of a link",
    "p/<str:page>/": "takes the password of a page",
    "sites/<uuid:uuid>/sharing/end/": "ends a page",
    "sensors/<uuid:uuid>/shares/<uuid:share>/end/": "ends a link",
    "sensors/<uuid:uuid>/public/end/": "takes a sensor off a page",
    "api/v1/site-shares/<uuid:page>/": "ends a page by DELETE",
    "api/v1/shares/<uuid:share>/": "ends a link by DELETE",
}


def test_every_address_that_shares_something_is_in_the_table() -> None:
    sharing = {route for route, pattern in ours().items() if ".sharing" in pattern.callback.__module__}
    writing = {route for route in sharing if ADDRESSES[route].keys() - {"GET"}}

    assert writing == (SHOWS_MORE.keys() | SHOWS_NO_MORE.keys()) - {""}
    assert all(methods <= ADDRESSES[route].keys() for route, methods in SHOWS_MORE.items())


def shown() -> set[tuple[Any, ...]]:
    """Return everything that links, pages and screens show, a row for each quantity."""
    on_screens = Screen.objects.filter(code="").values_list("page", "share")
    rights = ShareRight.objects.select_related("share__page")
    return {("screen", *each) for each in on_screens} | {
        (right.digest, quantity, right.share.history, right.share.grid, right.share.page and right.share.page.slug)
        for right in rights
        for quantity in right.share.quantities
    }


def asked(client: Client, cast: Cast, hidden: Sensor, route: str) -> Any:
    """Send to an address what shows more than is shown."""
    sensor, also = str(cast.sensor.uuid), str(hidden.uuid)
    code = code_of(Client()) if route == "tv/open/" else ""
    chosen = {"name": "Garden", "quantities": ["temperature"], "grid": "10", "slug": "garden", "history": "24h"}
    page = {"visibility": "link", "name": "North Road", "history": "24h", "grid": "0", f"name-{also}": "Cellar"}
    part = {"sensor": also, "name": "Cellar", "quantities": ["temperature"]}
    bodies: dict[str, dict[str, Any]] = {
        "tv/open/": {**chosen, "code": code},
        "sites/<uuid:uuid>/sharing/": {**page, f"show-{also}": ["temperature"]},
        "sensors/<uuid:uuid>/shares/": chosen,
        "sensors/<uuid:uuid>/public/": {"name": "Cellar", "quantities": ["temperature"]},
        "api/v1/shares/": {"sensor": sensor, "name": "Garden", "quantities": ["temperature"]},
        "api/v1/site-shares/": {"site": str(cast.site.uuid), "name": "North Road", "sensors": [part]},
        "api/v1/site-shares/<uuid:page>/": {"sensors": [part]},
        "api/v1/shares/<uuid:share>/": {"quantities": ["temperature", "humidity"]},
    }
    found, share = SiteShare.objects.first(), Share.objects.filter(page=None).first()
    path = f"/{route}".replace("sites/<uuid:uuid>", f"sites/{cast.site.uuid}")
    path = path.replace("sensors/<uuid:uuid>", f"sensors/{hidden.uuid if 'public' in route else sensor}")
    path = path.replace("<uuid:page>", str(found and found.uuid)).replace("<uuid:share>", str(share and share.uuid))
    path += f"?sensor={sensor}" if route == "tv/open/" else ""
    if route.startswith("api/"):
        send = client.patch if "<" in route else client.post
        return send(path, json.dumps(bodies[route]), content_type="application/json")
    return client.post(path, bodies[route])


@pytest.mark.parametrize("route", SHOWS_MORE)
def test_no_address_shows_more(cast: Cast, make: Make, hidden: Sensor, route: str) -> None:
    make(slug="north-road" if "public" in route else None)
    if route == "api/v1/site-shares/":
        SiteShare.objects.all().delete()  # a site has one page
    make_share(by=cast.owner, sensor=cast.sensor, name="x", quantities=["temperature"], now=now())
    client, before = Client(), shown()
    client.force_login(cast.editor)
    close(cast)

    answer = asked(client, cast, hidden, route)

    assert answer.status_code in (400, 403), answer.content
    assert "closed" in answer.content.decode()
    assert shown() == before
    close(cast, is_on=True)
    assert asked(client, cast, hidden, route).status_code in (200, 201, 302)
    assert shown() - before, "it showed no more while sharing was open, so the test proves nothing"


def test_a_page_is_not_shown_on_a_screen(cast: Cast, make: Make) -> None:
    page, client = make(), Client()
    client.force_login(cast.editor)
    code = code_of(Client())
    close(cast)

    client.post(f"/tv/open/?sensor={page.uuid}", {"code": code})

    assert not Screen.objects.exclude(page=None).exists()
    close(cast, is_on=True)
    client.post(f"/tv/open/?sensor={page.uuid}", {"code": code})
    assert Screen.objects.get(code="").page == page

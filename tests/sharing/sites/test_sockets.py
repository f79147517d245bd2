"""The socket of a site's page: one for all its sensors, which ends with the page."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.urls import re_path

from sensorfusion.accounts.models import Membership
from sensorfusion.clock import utc_now
from sensorfusion.live.protocol import CloseCode
from sensorfusion.sensors.models import Sensor, Status
from sensorfusion.sensors.sites.membership import remove_member
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.sites.queries import link_of
from sensorfusion.sharing.sites.services import Part, Shown, end_page, share_site
from sensorfusion.sharing.sockets import GONE, SitePages
from tests.conftest import Cast
from tests.live.conftest import HOST, PAGE, Platform, django
from tests.patience import PATIENCE_S
from tests.sharing.test_sockets import Window

pytestmark = pytest.mark.django_db(transaction=True)


class Wall:
    """Opens pages of sites in one process."""

    def __init__(self, platform: Platform) -> None:
        around = platform.live.around
        self.pages = SitePages(hub=around.hub, readings=around.readings, listener=platform.listener, now=utc_now)
        pattern: Any = re_path(r"^p/(?P<token>[^/]{1,80})/live/?$", self.pages)  # type: ignore[arg-type]
        self._app = URLRouter([pattern])
        self.windows: list[Window] = []

    def window(self, page: SiteShare) -> Window:
        socket = WebsocketCommunicator(self._app, f"/p/{link_of(page)}/live/", headers=[HOST, PAGE])
        self.windows.append(Window(socket))
        return self.windows[-1]


@pytest.fixture
async def wall(platform: Platform) -> AsyncIterator[Wall]:
    made = Wall(platform)
    yield made
    for window in made.windows:
        await window.socket.disconnect(timeout=PATIENCE_S)
    await made.pages.stop()


def shared(cast: Cast, **more: Any) -> SiteShare:
    by, parts = more.pop("by", cast.owner), more.pop("parts", [Part(cast.sensor, "Garden", ["temperature"])])
    return share_site(by=by, site=cast.site, shown=Shown("Road", parts, **more), now=datetime.now(UTC))


async def hear(window: Window, number: str) -> dict[str, Any]:
    """Read messages until a card has this value; none ever has another quantity."""
    while True:
        cards: dict[str, Any] = (await window.hear())["cards"]
        assert all(card["values"] == {} for card in cards.values()), cards
        if number in [card["number"] for card in cards.values()]:
            return cards


async def test_a_page_hears_all_its_sensors_and_no_others(cast: Cast, platform: Platform, wall: Wall) -> None:
    second, hidden = await django(
        lambda: [Sensor.objects.create(site=cast.site, name=name, status=Status.ACTIVE) for name in ("Attic", "Cellar")]
    )
    for sensor in (cast.sensor, second, hidden):
        await platform.store(sensor, 1, temperature=12.5, pressure=1013.0)
    parts = [Part(each, each.name, ["temperature"]) for each in (cast.sensor, second)]
    window = wall.window(await django(lambda: shared(cast, parts=parts)))
    assert await window.opens()

    assert len(await hear(window, "12.5")) == 2
    await platform.store(hidden, 2, temperature=99.0)
    await platform.store(second, 2, temperature=13.5)
    cards = await hear(window, "13.5")

    assert sorted(card["number"] for card in cards.values()) == ["12.5", "13.5"]


async def test_a_page_that_is_ended_goes_dark(cast: Cast, platform: Platform, wall: Wall) -> None:
    page = await django(lambda: shared(cast))
    window = wall.window(page)
    assert await window.opens()
    await window.hear()

    await django(lambda: end_page(by=cast.editor, page=page))

    assert await window.hear_the_end() == CloseCode.RIGHTS_GONE
    late = await asyncio.wait_for(_refused(wall, page), PATIENCE_S)
    assert late == GONE


async def test_a_page_ends_with_the_right_of_its_maker(cast: Cast, platform: Platform, wall: Wall) -> None:
    window = wall.window(await django(lambda: shared(cast, by=cast.editor)))
    assert await window.opens()
    await window.hear()

    held = await django(
        lambda: Membership.objects.select_related("operator", "site").get(operator=cast.editor, site=cast.site)
    )
    await django(lambda: remove_member(by=cast.owner, membership=held, now=datetime.now(UTC)))

    assert await window.hear_the_end() == CloseCode.RIGHTS_GONE


async def test_a_changed_page_is_opened_again(cast: Cast, platform: Platform, wall: Wall) -> None:
    """Its sensors and its maker may be others now, and the channel follows those that it began with."""
    window = wall.window(await django(lambda: shared(cast)))
    assert await window.opens()
    await window.hear()

    page = await django(lambda: shared(cast, by=cast.editor, about="Changed"))

    assert await window.hear_the_end() == CloseCode.RESTART
    assert await wall.window(page).opens()


async def test_a_page_with_a_password_is_not_heard_without_it(cast: Cast, platform: Platform, wall: Wall) -> None:
    page = await django(lambda: shared(cast, password="open, sesame"))

    assert await asyncio.wait_for(_refused(wall, page), PATIENCE_S) == GONE


async def _refused(wall: Wall, page: SiteShare) -> int:
    _, code = await wall.window(page).socket.connect(timeout=PATIENCE_S)
    return int(code or 0)

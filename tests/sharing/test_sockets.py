"""The socket of a link: it sends what the page shows, and ends with the link."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.http import HttpResponse
from django.urls import re_path

from sensorfusion.accounts.models import Membership
from sensorfusion.clock import utc_now
from sensorfusion.live.protocol import CloseCode
from sensorfusion.sensors.services import delete_sensor
from sensorfusion.sensors.sites.membership import remove_member
from sensorfusion.sharing import sockets
from sensorfusion.sharing.models import Share
from sensorfusion.sharing.services import IssuedShare, end_share, make_share
from sensorfusion.sharing.sockets import Shares
from sensorfusion.sharing.unlocking import unlock
from tests.conftest import Cast
from tests.live.conftest import HOST, PAGE, Platform, django
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
Message = dict[str, Any]


@dataclass
class Window:
    """A page of the link, without a browser."""

    socket: WebsocketCommunicator

    async def opens(self) -> bool:
        return bool((await self.socket.connect(timeout=PATIENCE_S))[0])

    async def hear(self) -> Message:
        message: Message = await self.socket.receive_json_from(timeout=PATIENCE_S)
        return message

    async def hear_value(self, number: str) -> Message:
        """Read messages until one has this temperature."""
        while True:
            message = await self.hear()
            assert message["values"].keys() <= {"temperature"}, message
            if message["values"].get("temperature", [""])[0] == number:
                return message

    async def hear_the_end(self) -> int:
        while True:
            event = await self.socket.receive_output(timeout=PATIENCE_S)
            if event["type"] == "websocket.close":
                return int(event["code"])


class Wall:
    """Opens pages of links in one process."""

    def __init__(self, platform: Platform) -> None:
        around = platform.live.around
        self.shares = Shares(hub=around.hub, readings=around.readings, listener=platform.listener, now=utc_now)
        pattern: Any = re_path(r"^s/(?P<token>[^/]{1,80})/live/?$", self.shares)  # type: ignore[arg-type]
        self._app = URLRouter([pattern])
        self.windows: list[Window] = []

    def window(self, token: str, *headers: tuple[bytes, bytes], query: str = "") -> Window:
        socket = WebsocketCommunicator(self._app, f"/s/{token}/live/{query}", headers=[HOST, *headers])
        self.windows.append(Window(socket))
        return self.windows[-1]

    async def opened(self, made: IssuedShare, *, query: str = "") -> Window:
        window = self.window(made.text, PAGE, query=query)
        assert await window.opens()
        return window


@pytest.fixture
async def wall(platform: Platform) -> AsyncIterator[Wall]:
    made = Wall(platform)
    yield made
    for window in made.windows:
        await window.socket.disconnect(timeout=PATIENCE_S)
    await made.shares.stop()


def share(cast: Cast, **more: Any) -> IssuedShare:
    given = {"by": cast.owner, "name": "Air", "quantities": ["temperature"], "now": datetime.now(UTC), **more}
    return make_share(sensor=cast.sensor, **given)


async def test_a_page_gets_the_chosen_values_and_no_others(cast: Cast, platform: Platform, wall: Wall) -> None:
    await platform.store(cast.sensor, 1, temperature=12.5, pressure=1013.0)
    window = await wall.opened(await django(lambda: share(cast)))

    first = await window.hear_value("12.5")
    await platform.store(cast.sensor, 2, temperature=13.5, pressure=999.0)
    await window.hear_value("13.5")

    assert first.keys() == {"state", "why", "at", "clock", "values", "day_ends_at"}


async def test_a_page_hears_values_in_its_own_units(cast: Cast, platform: Platform, wall: Wall) -> None:
    await platform.store(cast.sensor, 1, temperature=10.0)
    made = await django(lambda: share(cast))

    american = await wall.opened(made, query="?units=us")
    other = await wall.opened(made, query="?units=none")

    assert (await american.hear())["values"]["temperature"] == ["50", "°F", ""]
    assert (await other.hear())["values"]["temperature"] == ["10.0", "°C", ""]


async def test_a_page_hears_values_in_its_own_language(cast: Cast, platform: Platform, wall: Wall) -> None:
    await platform.store(cast.sensor, 1, temperature=10.0)
    made = await django(lambda: share(cast))

    german, english = await wall.opened(made, query="?lang=de"), await wall.opened(made, query="?lang=en")

    assert (await german.hear())["values"]["temperature"] == ["10,0", "°C", ""]
    assert (await english.hear())["values"]["temperature"] == ["10.0", "°C", ""]


async def test_a_revoked_link_ends_its_pages_and_no_others(cast: Cast, platform: Platform, wall: Wall) -> None:
    await platform.store(cast.sensor, 1, temperature=12.5)
    ended, kept = await django(lambda: share(cast)), await django(lambda: share(cast))
    window, other = await wall.opened(ended), await wall.opened(kept)
    await window.hear_value("12.5")

    await django(lambda: end_share(by=cast.editor, share=ended.share))

    assert await window.hear_the_end() == CloseCode.RIGHTS_GONE
    await platform.store(cast.sensor, 2, temperature=13.5)
    await other.hear_value("13.5")


async def test_an_expired_link_ends_its_pages_without_a_message(cast: Cast, platform: Platform, wall: Wall) -> None:
    made = await django(lambda: share(cast, expires_at=datetime.now(UTC) + timedelta(seconds=1)))
    window = await wall.opened(made)

    assert await window.hear_the_end() == CloseCode.RIGHTS_GONE


async def test_pages_end_with_the_right_of_the_maker(cast: Cast, platform: Platform, wall: Wall) -> None:
    window = await wall.opened(await django(lambda: share(cast, by=cast.editor)))
    await window.hear()

    held = await django(
        lambda: Membership.objects.select_related("operator", "site").get(operator=cast.editor, site=cast.site)
    )
    await django(lambda: remove_member(by=cast.owner, membership=held, now=datetime.now(UTC)))

    assert await window.hear_the_end() == CloseCode.RIGHTS_GONE


async def test_pages_end_with_the_sensor(cast: Cast, platform: Platform, wall: Wall) -> None:
    window = await wall.opened(await django(lambda: share(cast)))
    await window.hear()

    await django(lambda: delete_sensor(by=cast.owner, sensor=cast.sensor))

    assert await window.hear_the_end() == CloseCode.RIGHTS_GONE


async def test_a_link_that_shows_nothing_opens_no_socket(cast: Cast, platform: Platform, wall: Wall) -> None:
    expired, locked = await django(lambda: share(cast)), await django(lambda: share(cast, password="open, sesame"))
    await django(lambda: Share.objects.filter(pk=expired.share.pk).update(expires_at=datetime.now(UTC)))

    for token in ("sfs_unknown", "%FF", expired.text, locked.text):
        assert not await wall.window(token, PAGE).opens()
    forged = (b"cookie", b"share=forged; sessionid=x")
    assert not await wall.window(locked.text, PAGE, forged).opens()
    wall.windows.clear()


async def test_the_cookie_of_the_password_opens_the_socket(cast: Cast, platform: Platform, wall: Wall) -> None:
    made = await django(lambda: share(cast, password="open, sesame"))
    response = HttpResponse()
    unlock(response, share=made.share, token=made.text)
    cookie = (b"cookie", f"share={response.cookies['share'].value}".encode())

    assert await wall.window(made.text, PAGE, cookie).opens()


async def test_a_page_of_another_site_opens_no_socket(cast: Cast, platform: Platform, wall: Wall) -> None:
    made = await django(lambda: share(cast))

    assert not await wall.window(made.text, (b"origin", b"https://evil.example")).opens()
    wall.windows.clear()


async def test_a_network_opens_so_many_sockets(
    cast: Cast, platform: Platform, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST_OF_NETWORK", 1)
    made = await django(lambda: share(cast))
    first = await wall.opened(made)

    assert not await wall.window(made.text, PAGE).opens()
    wall.windows.pop()
    await first.socket.disconnect(timeout=PATIENCE_S)
    wall.windows.clear()
    await wall.opened(made)


async def test_what_pages_of_a_link_say_changes_nothing(cast: Cast, platform: Platform, wall: Wall) -> None:
    await platform.store(cast.sensor, 1, temperature=12.5, pressure=1013.0)
    window = await wall.opened(await django(lambda: share(cast)))

    for said in ('{"action":"request.data"}', '{"action":"subscribe","sensors":["*"]}', "x" * 2_000):
        await window.socket.send_to(text_data=said)
    await platform.store(cast.sensor, 2, temperature=13.5, pressure=999.0)

    await window.hear_value("13.5")


async def test_the_last_page_of_a_link_leaves_the_hub(cast: Cast, platform: Platform, wall: Wall) -> None:
    made = await django(lambda: share(cast))
    window = await wall.opened(made)
    await window.hear()
    assert cast.sensor.pk in platform.live.hub.topics

    await window.socket.disconnect(timeout=PATIENCE_S)
    wall.windows.clear()
    async with asyncio.timeout(PATIENCE_S):
        while cast.sensor.pk in platform.live.hub.topics:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)

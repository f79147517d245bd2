"""The pages of links by server-sent events: what the socket sends, to those who may open it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.http import HttpResponse
from django.urls import re_path
from pytest_django import Settings

from sensorfusion.clock import utc_now
from sensorfusion.config.env import read
from sensorfusion.sharing.event_streams import ShareEvents
from sensorfusion.sharing.services import IssuedShare, end_share, make_share
from sensorfusion.sharing.sockets import Shares
from sensorfusion.sharing.unlocking import unlock
from tests.conftest import Cast
from tests.live.conftest import HOST, Message, Platform, django
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
_Untyped: Any = ApplicationCommunicator  # asgiref has no types for it


@dataclass
class Page:
    """A page of the link, without a browser."""

    asked: Any
    start: Message

    @property
    def status(self) -> int:
        return int(self.start["status"])

    async def hear(self) -> Message:
        part = await self.asked.receive_output(PATIENCE_S)
        if not part.get("more_body"):
            raise EOFError
        [line] = [each for each in part["body"].decode().splitlines() if each.startswith("data: ")]
        message: Message = json.loads(line.removeprefix("data: "))
        return message

    async def hear_value(self, number: str) -> None:
        while (await self.hear())["values"].get("temperature", [""])[0] != number:
            pass


class Wall:
    def __init__(self, platform: Platform) -> None:
        around = platform.live.around
        self.shares = Shares(hub=around.hub, readings=around.readings, listener=platform.listener, now=utc_now)
        pattern: Any = re_path(r"^s/(?P<token>[^/]{1,80})/events/?$", ShareEvents(self.shares))  # type: ignore[arg-type]
        self._app = URLRouter([pattern])
        self._asked: list[Any] = []

    async def ask(self, token: str, *headers: tuple[bytes, bytes], method: str = "GET") -> Page:
        scope = {
            "type": "http",
            "method": method,
            "path": f"/s/{token}/events/",
            "query_string": b"units=metric",
            "headers": [HOST, *headers],
            "client": ("198.51.100.7", 1),
        }
        asked = _Untyped(self._app, scope)
        self._asked.append(asked)
        await asked.send_input({"type": "http.request", "body": b"", "more_body": False})
        return Page(asked, await asked.receive_output(PATIENCE_S))

    async def close(self) -> None:
        for each in self._asked:
            await each.send_input({"type": "http.disconnect"})
            await each.wait(PATIENCE_S)
        await self.shares.stop()


@pytest.fixture
async def wall(platform: Platform) -> AsyncIterator[Wall]:
    made = Wall(platform)
    yield made
    await made.close()


def share(cast: Cast, **more: Any) -> IssuedShare:
    given = {"by": cast.owner, "name": "Air", "quantities": ["temperature"], "now": utc_now(), **more}
    return make_share(sensor=cast.sensor, **given)


async def test_a_page_gets_the_chosen_values_until_the_link_is_revoked(
    cast: Cast, platform: Platform, wall: Wall
) -> None:
    await platform.store(cast.sensor, 1, temperature=12.5, pressure=1013.0)
    made = await django(lambda: share(cast))
    page = await wall.ask(made.text)

    assert (page.status, dict(page.start["headers"])[b"content-type"]) == (200, b"text/event-stream")
    first = await page.hear()
    assert first["values"].keys() == {"temperature"}
    await platform.store(cast.sensor, 2, temperature=13.5, pressure=999.0)
    await page.hear_value("13.5")

    await django(lambda: end_share(by=cast.owner, share=made.share))

    with pytest.raises(EOFError):
        await page.hear_value("no more")
    assert (await wall.ask(made.text)).status == 404


async def test_strangers_are_told_that_the_link_shows_nothing(cast: Cast, wall: Wall) -> None:
    assert (await wall.ask("unknown")).status == 404


async def test_another_method_is_not_answered(cast: Cast, wall: Wall) -> None:
    made = await django(lambda: share(cast))

    assert (await wall.ask(made.text, method="POST")).status == 405


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ([], 200),
        ([(b"sec-fetch-site", b"same-origin")], 200),
        ([(b"sec-fetch-site", b"cross-site")], 404),
        ([(b"origin", b"https://www.example.org")], 404),
    ],
    ids=["older browser", "ours", "another site", "a listed site"],
)
async def test_a_password_that_was_entered_counts_for_our_pages_only(
    more: list[tuple[bytes, bytes]],
    status: int,
    cast: Cast,
    platform: Platform,
    wall: Wall,
    settings: Settings,
) -> None:
    settings.ENVIRONMENT = read({"CORS_ALLOWED_ORIGINS": "https://www.example.org"})
    await platform.store(cast.sensor, 1, temperature=12.5)
    made = await django(lambda: share(cast, password="open sesame"))
    answer = HttpResponse()
    unlock(answer, share=made.share, token=made.text)
    cookie = (b"cookie", f"share={answer.cookies['share'].value}".encode())

    assert (await wall.ask(made.text, cookie, *more)).status == status
    assert (await wall.ask(made.text, *more)).status == 404


async def test_pages_of_other_sites_are_answered_where_they_are_listed(
    cast: Cast, platform: Platform, wall: Wall, settings: Settings
) -> None:
    settings.ENVIRONMENT = read({"CORS_ALLOWED_ORIGINS": "https://www.example.org"})
    await platform.store(cast.sensor, 1, temperature=12.5)
    made = await django(lambda: share(cast))
    origin = (b"origin", b"https://www.example.org")

    assert (await wall.ask(made.text, (b"origin", b"https://evil.example"))).status == 403
    assert (await wall.ask(made.text, origin)).status == 200


async def test_nothing_is_left_of_a_page_that_went_away(cast: Cast, platform: Platform, wall: Wall) -> None:
    await platform.store(cast.sensor, 1, temperature=12.5)
    made = await django(lambda: share(cast))
    page = await wall.ask(made.text)
    await page.hear()

    await page.asked.send_input({"type": "http.disconnect"})
    await page.asked.wait(PATIENCE_S)

    assert not {task for task in asyncio.all_tasks() if task.get_name() == "event stream"}

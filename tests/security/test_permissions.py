"""The whole matrix of permissions: who may do what, at every address and socket, printed and compared with the tables.

Print it with `pytest tests/security/test_permissions.py -s`; it is also written to `build/permissions.txt`.
"""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final

import pytest
from channels.testing import ApplicationCommunicator
from django.http import HttpResponse
from django.test import Client

from sensorfusion.accounts.models import Operator, TokenScope
from sensorfusion.accounts.services import issue_token
from sensorfusion.ingest.doors.socket import IngestSocket
from sensorfusion.ingest.doors.socket_protocol import CloseCode as IngestCloseCode
from sensorfusion.live.protocol import CloseCode
from tests.administration.conftest import made_administrator
from tests.clients import NOW
from tests.conftest import PASSWORD, Cast
from tests.ingest.conftest import MAX_BODY_BYTES, Server, key, server
from tests.live.conftest import HOST, PAGE, Platform, cookie_of, django, platform
from tests.patience import PATIENCE_S
from tests.security.test_sight import (
    ADMIN,
    EDIT,
    LEAD_TO_SIGN_IN,
    OWN,
    OWNER,
    PASSED,
    PUBLIC,
    READ,
    World,
    ask,
    everywhere,
    is_of_one_person,
    signed_in,
    world,
)
from tests.security.test_token_scopes import needed, program
from tests.sharing.test_sockets import Wall, share, wall

__all__ = ["key", "platform", "server", "wall", "world"]
BUILD: Final = Path(__file__).parents[2] / "build"
YES, NO, NOTHING, SIGN_IN = "yes", "no", "nothing", "sign in"
SCOPES: Final = {f"token: {scope}": scope for scope in TokenScope}
ROLES: Final = {
    "outsider": {PUBLIC, OWN},
    "viewer": {PUBLIC, OWN, READ},
    "editor": {PUBLIC, OWN, READ, EDIT},
    "owner": {PUBLIC, OWN, READ, EDIT, OWNER},
    "administrator": {PUBLIC, OWN, ADMIN},
}
# Everyone reads the documentation of the API, also without a token; one that may only send is told that it cannot.
DOCUMENTED: Final = ("api/schema/", "api/docs/", "api/redoc/")
COLUMNS: Final = ("anonymous", "link", *ROLES, *SCOPES)


def administrator() -> Operator:
    return made_administrator(Operator.objects.create_user("root@example.org", PASSWORD))


def outcome(answer: HttpResponse) -> str:
    """Return what an answer means; a form or body that is refused for what it says has passed."""
    if answer.status_code == 401 or answer.headers.get("Location", "").startswith("/sign-in/"):
        return SIGN_IN
    known = {403: NO, 404: NOTHING, **dict.fromkeys(PASSED, YES)}
    return known.get(answer.status_code, str(answer.status_code))


def expected(column: str, route: str, method: str, kind: str) -> str:
    if column == "anonymous" and by_link(route):
        return NOTHING
    if route == "sign-out/":
        return SIGN_IN  # where it leads everyone
    if route in LEAD_TO_SIGN_IN and column in ("anonymous", "link"):
        return SIGN_IN
    if kind == PUBLIC:
        return NO if column == "token: send" and route in DOCUMENTED else YES
    if column in SCOPES and route.startswith("api/"):
        return YES if SCOPES[column].includes(needed(route, method, kind)) else NO
    if column not in ROLES:
        return SIGN_IN
    if kind in ROLES[column]:
        return YES
    return NOTHING if kind == ADMIN or column in ("outsider", "administrator") else NO


def by_link(route: str) -> bool:
    return route.startswith(("s/<str:token>/", "p/<str:page>/"))


def of_no_link(route: str) -> str:
    return route.replace("<str:token>", "x" * 22).replace("<str:page>", "x" * 22)


def is_told_elsewhere(route: str, column: str) -> bool:
    """Return whether an address depends on more than the role: on whose it is, or on who it is about."""
    about_members = ("remove" in route and "members" in route) or "members/<uuid:operator>" in route
    return (is_of_one_person(route) and not by_link(route)) or (about_members and column == "editor")


def clients(world: World) -> dict[str, Client]:
    cast = world.cast
    people = {"viewer": cast.member, "administrator": administrator()}
    roles = {name: signed_in(people.get(name) or getattr(cast, name)) for name in ROLES}
    tokens = {name: program(cast.owner, scope) for name, scope in SCOPES.items()}
    return {"anonymous": Client(), "link": Client(), **roles, **tokens}


def printed(rows: Iterable[tuple[str, dict[str, str]]], name: str) -> None:
    """Print a table, and keep it in the directory of what is built."""
    width = max(map(len, COLUMNS)) + 2
    lines = ["".join(column.ljust(width) for column in COLUMNS)]
    lines += ["".join(cells.get(column, "").ljust(width) + "" for column in COLUMNS) + row for row, cells in rows]
    BUILD.mkdir(exist_ok=True)
    (BUILD / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def test_every_address_opens_for_whom_the_table_says(world: World) -> None:
    asking, matrix, wrong = clients(world), [], {}
    for route, method, kind in everywhere():
        cells = {}
        for column, client in asking.items():
            if column in SCOPES and not route.startswith("api/"):
                continue  # a token opens no page: test_sight
            path = of_no_link(route) if column == "anonymous" and by_link(route) else route
            cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
            cells[column] = outcome(ask(client, world, path, method))
            client.cookies = cookies  # some addresses end the session, which was rolled back
            if not is_told_elsewhere(route, column) and cells[column] != expected(column, route, method, kind):
                wrong[method, route, column] = cells[column]
        matrix.append((f"{method} /{route}", cells))
    printed(matrix, "permissions")

    assert wrong == {}


# Of sockets: what a client of each kind is told of the owner's sensor.
SOCKET: Final = {
    **dict.fromkeys(("anonymous", "link"), SIGN_IN),
    **dict.fromkeys(("outsider", "administrator"), NOTHING),
    **dict.fromkeys(("viewer", "editor", "owner"), YES),
    "token: read": YES,
    "token: send": SIGN_IN,
    "token: write": YES,
    "token: administer": YES,
}


@pytest.mark.django_db(transaction=True)
async def test_the_live_stream_opens_for_whom_it_should(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 1, temperature=20.0)
    headers = await django(lambda: credentials(cast))

    cells = {column: await heard(platform, cast, headers[column]) for column in COLUMNS}
    printed([("/ws/live/", cells)], "permissions-live")

    assert cells == SOCKET


def credentials(cast: Cast) -> dict[str, list[tuple[bytes, bytes]]]:
    people = {name: getattr(cast, name, cast.member) for name in ROLES} | {"administrator": administrator()}
    cookies = {name: [PAGE, cookie_of(operator)] for name, operator in people.items()}
    tokens = {name: [bearer(cast.owner, scope)] for name, scope in SCOPES.items()}
    return {"anonymous": [PAGE], "link": [PAGE], **cookies, **tokens}


def bearer(operator: Operator, scope: TokenScope) -> tuple[bytes, bytes]:
    issued = issue_token(operator=operator, label="", now=datetime.now(UTC), scope=scope)
    return b"authorization", f"Bearer {issued.text}".encode()


async def heard(platform: Platform, cast: Cast, headers: list[tuple[bytes, bytes]]) -> str:
    """Ask for everything and for the owner's sensor, and say what came of it."""
    client = platform.client(*headers)
    assert (await client.connect())[0]
    everything: dict[str, Any] = await client.ask("request.data", id=1)
    if everything.get("code") == "not_signed_in":
        assert await client.hear_the_end() == CloseCode.NOT_SIGNED_IN
        return SIGN_IN
    sees = {each["sensor"] for each in everything["sensors"]}
    answer = await client.ask("subscribe", id=2, sensors=[str(cast.sensor.uuid)])
    while answer["type"] not in ("snapshot", "error"):
        answer = await client.hear()
    assert (str(cast.sensor.uuid) in sees) == (answer["type"] == "snapshot"), answer
    return YES if str(cast.sensor.uuid) in sees else NOTHING


@pytest.mark.django_db(transaction=True)
async def test_the_socket_of_a_link_opens_for_its_link_and_for_nothing_else(
    cast: Cast, platform: Platform, wall: Wall
) -> None:
    await platform.store(cast.sensor, 1, temperature=12.5)
    made = await django(lambda: share(cast))
    headers = await django(lambda: credentials(cast))

    rows = {
        name: {column: await opened(wall, token, headers[column]) for column in COLUMNS}
        for name, token in (("/s/<token>/live/", made.text), ("/s/<another>/live/", "x" * 22))
    }
    printed(rows.items(), "permissions-links")

    assert rows == {
        "/s/<token>/live/": dict.fromkeys(COLUMNS, YES),
        "/s/<another>/live/": dict.fromkeys(COLUMNS, NOTHING),
    }


async def opened(wall: Wall, token: str, headers: list[tuple[bytes, bytes]]) -> str:
    return YES if await wall.window(token, *dict.fromkeys([PAGE, *headers])).opens() else NOTHING


# Of the socket of sensors: a session opens it for nobody, a token as it may write to the owner's sensor.
INGEST: Final = {
    **dict.fromkeys(("anonymous", "link", *ROLES), SIGN_IN),
    **dict.fromkeys(("token: send", "token: write", "token: administer"), YES),
    "token: read": NO,
}
INGEST_BY_TOKENS: Final = {
    **dict.fromkeys(("outsider", "administrator"), NOTHING),
    "viewer": NO,
    **dict.fromkeys(("editor", "owner"), YES),
}


@pytest.mark.django_db(transaction=True)
async def test_the_socket_of_sensors_opens_for_keys_and_for_tokens_that_may_send(cast: Cast, server: Server) -> None:
    headers = await django(lambda: credentials(cast))
    tokens = await django(lambda: tokens_of_roles(cast))

    cells = {column: await sent(server, cast, headers[column]) for column in COLUMNS}
    by_tokens = {column: await sent(server, cast, [token]) for column, token in tokens.items()}
    by_key = {
        name: await sent(server, cast, [(b"authorization", f"Bearer {text}".encode())])
        for name, text in (("the sensor's key", server.key), ("a key that is none", f"sf_aaaaaaaa-{'x' * 32}"))
    }
    rows = [("/ws/ingest/", cells), ("/ws/ingest/ with a token of this role", by_tokens)]
    rows += [(f"/ws/ingest/ with {name}", dict.fromkeys(COLUMNS, said)) for name, said in by_key.items()]
    printed(rows, "permissions-ingest")

    assert cells == INGEST
    assert by_tokens == INGEST_BY_TOKENS
    assert by_key == {"the sensor's key": YES, "a key that is none": SIGN_IN}


def tokens_of_roles(cast: Cast) -> dict[str, tuple[bytes, bytes]]:
    people = {name: getattr(cast, name, cast.member) for name in ROLES}
    people["administrator"] = Operator.objects.get(email="root@example.org")
    return {name: bearer(operator, TokenScope.WRITE) for name, operator in people.items()}


async def sent(server: Server, cast: Cast, headers: list[tuple[bytes, bytes]]) -> str:
    """Send one reading of the owner's sensor over a socket, and say what came of it; a hang fails."""
    application = IngestSocket(server.pipeline, max_body_bytes=MAX_BODY_BYTES)
    end = ApplicationCommunicator(
        application, {"type": "websocket", "path": "/ws/ingest/", "headers": [HOST, *headers]}
    )
    async with asyncio.timeout(PATIENCE_S):
        await end.send_input({"type": "websocket.connect"})
        assert (await end.receive_output(timeout=PATIENCE_S))["type"] == "websocket.accept"
        reading = {"sensor": str(cast.sensor.uuid), "observed_at": NOW.isoformat(), "values": {"temperature": 20}}
        await end.send_input({"type": "websocket.receive", "text": json.dumps(reading)})
        said = meaning(await end.receive_output(timeout=PATIENCE_S))
        await end.send_input({"type": "websocket.disconnect", "code": 1000})
        await end.wait(timeout=PATIENCE_S)
    return said


def meaning(message: dict[str, Any]) -> str:
    if message["type"] == "websocket.close":
        assert message["code"] == IngestCloseCode.NOT_SIGNED_IN
        return SIGN_IN
    answer = json.loads(message["text"])
    codes = [each["code"] for each in answer.get("rejected", [])] or [answer.get("code")]
    known = {"unknown_key": SIGN_IN, "read_only_token": NO, "not_allowed": NO, "unknown_sensor": NOTHING}
    return YES if answer["type"] == "receipt" and not answer["rejected"] else known.get(codes[0], str(answer))

"""Every place where a secret can be tried, and what counts the tries there. A place without a row fails the test.

Each is flooded with wrong secrets from one address, until it answers 429 with Retry-After; a good one passes then.
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from channels.routing import URLRouter
from django.test import Client
from django.urls import re_path
from rest_framework.views import APIView

from sensorfusion.accounts.attempts import PER_NETWORK
from sensorfusion.accounts.authentication import TokenAuthentication
from sensorfusion.accounts.mailing import resets
from sensorfusion.accounts.mailing.resets import LINKS_PER_NETWORK, PER_ACCOUNT
from sensorfusion.accounts.mailing.services import TESTS_PER_HOUR
from sensorfusion.accounts.throttles import AttemptThrottle
from sensorfusion.accounts.tries.tokens import UNKNOWN_TOKENS
from sensorfusion.accounts.tries.unknown_credentials import BURST, UnknownCredentials
from sensorfusion.ingest.doors.consoles.catalogue import console_doors
from sensorfusion.ingest.doors.platforms import TOKEN, Fixed, platform_doors
from sensorfusion.ingest.doors.readings import ReadingsDoor
from sensorfusion.sensors.consoles.tries import CLAIMS, REGISTRATIONS
from sensorfusion.sensors.provisioning.tries import UNKNOWN_PROVISIONING
from tests.conftest import PASSWORD, Cast
from tests.ingest.conftest import MAX_BODY_BYTES, Server
from tests.mail.conftest import mail_settings
from tests.security.test_sight import ADDRESSES, BESIDE, BY_TOKEN, DOORS, World, ask, ours, world

__all__ = ["mail_settings", "world"]
pytestmark = pytest.mark.usefixtures("stopped_clock")

PASSWORDS, TOKENS, PROVISIONING, CONSOLES = "attempts", "unknown tokens", "provisioning", "console tries"
UNKNOWN_KEYS, METRICS, RESETS, TESTS = "unknown keys", "metrics token", "password resets", "test messages"
CODES = "codes of second factors"  # tests/accounts/signing_in/test_pages.py
CONFIRMED = "passwords of who is signed in"  # the same
SHARES = "passwords of links"  # tests/sharing/test_pages.py
# Pages in whose forms a secret can be tried. All others have a session only, whose key has 165 random bits.
PAGES = {
    "sign-in/": PASSWORDS,
    "sign-up/": PASSWORDS,
    "sign-up/confirm/": "passwords of new accounts",  # tests/sensors/signing_up/test_pages.py
    "set-up/": "codes of new installations",  # the same
    "sign-in/forgotten/": RESETS,
    "sign-in/new-password/<uidb64>/<token>/": RESETS,
    "sign-in/second-factor/": CODES,
    "account/confirm/code/": CODES,
    "account/second-factor/app/": CODES,
    "account/confirm/": CONFIRMED,
    "account/mail/test/": TESTS,
    "account/email/": PASSWORDS,
    "account/password/": PASSWORDS,
    "account/close/": PASSWORDS,
    "s/<str:token>/": SHARES,
    "tv/open/": "codes of televisions",  # tests/sharing/screens/test_pages.py
    "p/<str:page>/": SHARES,  # tests/sharing/sites/test_pages.py
    "sensors/consoles/<int:number>/claim/": CONSOLES,
    "sensors/<uuid:uuid>/console/identity/": CONSOLES,
}
NO_SECRET = {
    *("explore/saved/", "explore/saved/<uuid:saved>/delete/"),
    *("alerts/<uuid:alert>/acknowledge/", "alerts/<uuid:alert>/snooze/", "sensors/<uuid:uuid>/alert-rules/new/"),
    *("alerts/messages/save/", "alerts/messages/<uuid:message>/again/", "alerts/channels/", "alerts/browsers/"),
    *(f"alerts/channels/<uuid:channel>/{do}/" for do in ("test", "switch", "remove")),
    *("alerts/maintenance/", "alerts/maintenance/<uuid:span>/end/"),
    *("alerts/rules/<uuid:rule>/", "alerts/rules/<uuid:rule>/switch/", "alerts/rules/<uuid:rule>/delete/"),
    *(
        "sign-out/",
        "account/profile/",
        "account/choices/",
        "account/announcements/<int:number>/dismiss/",
        "administration/announcements/",
        "administration/announcements/<int:number>/end/",
        "administration/features/",
        "administration/invitations/",
        "administration/invitations/<uuid:uuid>/revoke/",
        "account/mail/",
        "account/email/again/",  # counted: tests/accounts/addresses/test_pages.py
        "account/email/cancel/",
        "sign-in/address/",  # by a link, whose guesses are counted: the same
        "account/tokens/",
        "account/tokens/<int:number>/end/",
        "sites/new/",
    ),
    *("sites/<uuid:uuid>/settings/", "sites/<uuid:uuid>/keeping/", "sites/<uuid:uuid>/notices/clear/"),
    *("sites/<uuid:uuid>/delete/", "sites/<uuid:uuid>/provisioning/", "sites/<uuid:uuid>/tokens/"),
    *("sites/<uuid:uuid>/members/", "sites/<uuid:uuid>/members/<uuid:member>/"),
    "sites/<uuid:uuid>/members/<uuid:member>/remove/",
    *("sensors/<uuid:uuid>/reports/mail/", "account/reports/<uuid:subscription>/stop/"),
    "account/reports/end/<token>/",  # signed with 256 bits, and checked without a look into the database
    # A passkey signs with a key of 256 bits; what it changes is asked for again by `account/confirm/`.
    *("sign-in/passkey/", "account/confirm/passkey/", "account/second-factor/app/remove/"),
    *(f"account/second-factor/passkeys/{of}" for of in ("", "<int:pk>/", "<int:pk>/remove/")),
    *("account/second-factor/codes/new/", "account/sessions/end/", "account/sessions/<int:number>/end/"),
    # An invitation is for the account of its address: its id opens nothing to others.
    *("sites/<uuid:uuid>/invitations/<uuid:invitation>/withdraw/", "invitations/<uuid:uuid>/answer/"),
    # So is an offer.
    *("sensors/<uuid:uuid>/hand-over/", "sensors/<uuid:uuid>/hand-over/withdraw/"),
    *("invitations/sensors/<uuid:offer>/", "invitations/sensors/<uuid:offer>/decline/"),
    *("sensors/<uuid:uuid>/console/", "sensors/<uuid:uuid>/console/forget/", "sensors/unknown-names/"),
    *("sensors/<uuid:uuid>/names/", "sensors/<uuid:uuid>/fields/", "sensors/<uuid:uuid>/notices/clear/"),
    *("sensors/new/", "sensors/<uuid:uuid>/settings/", "sensors/<uuid:uuid>/keeping/"),
    *("sensors/<uuid:uuid>/status/", "sensors/<uuid:uuid>/polling/", "sensors/<uuid:uuid>/polling/remove/"),
    "sensors/<uuid:uuid>/send-on/add/<slug:network>/",
    "sensors/<uuid:uuid>/send-on/<uuid:destination>/act/",
    *("sensors/<uuid:uuid>/quality/", "sensors/<uuid:uuid>/quantities/", "sensors/<uuid:uuid>/exclusions/"),
    "sensors/<uuid:uuid>/exclusions/<int:number>/restore/",
    *("sites/<uuid:uuid>/sharing/", "sites/<uuid:uuid>/sharing/end/"),
    *("sensors/<uuid:uuid>/shares/", "sensors/<uuid:uuid>/shares/<uuid:share>/end/"),
    *("sensors/<uuid:uuid>/public/", "sensors/<uuid:uuid>/public/end/"),
    *("sensors/<uuid:uuid>/notes/", "sensors/<uuid:uuid>/notes/<uuid:note>/"),
    "sensors/<uuid:uuid>/notes/<uuid:note>/delete/",
    *("exports/<uuid:export>/remove/", "sensors/<uuid:uuid>/export/", "sites/<uuid:uuid>/export/"),
    *("sites/<uuid:uuid>/webhooks/add/", "sites/<uuid:uuid>/webhooks/<uuid:webhook>/"),
    *(f"sites/<uuid:uuid>/webhooks/<uuid:webhook>/{do}/" for do in ("act", "delete")),
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/replay/",
    *("sensors/<uuid:uuid>/import/", "sensors/<uuid:uuid>/import/<uuid:number>/"),
    "sensors/<uuid:uuid>/import/<uuid:number>/discard/",
    *("sensors/<uuid:uuid>/delete/", "sensors/<uuid:uuid>/keys/", "sensors/<uuid:uuid>/keys/<int:number>/revoke/"),
}
# Of the API: everything takes a token (walked below); these take something else, or a password besides.
API = {
    ("api/v1/auth/login/", "POST"): PASSWORDS,
    ("api/v1/auth/register/", "POST"): PASSWORDS,
    ("api/v1/auth/password/", "POST"): PASSWORDS,
    ("api/v1/auth/me/", "DELETE"): PASSWORDS,
    ("api/v1/provision/", "POST"): PROVISIONING,
}
NO_TOKEN = {"api/v1/auth/login/", "api/v1/auth/register/", "api/v1/provision/"}
DOCUMENTS = {"api/schema/", "api/docs/", "api/docs", "api/redoc/", "api/redoc"}
# Beside Django; `test_every_route_beside_django_is_known` holds that these are all.
OTHERS = {
    ("http", r"^api/v1/readings/?$"): UNKNOWN_KEYS,
    ("http", r"^healthz/?$"): None,
    ("http", r"^readyz/?$"): None,
    ("http", r"^metrics/?$"): METRICS,  # tests/server/test_health.py
    ("http", r"^api/v1/stream/?$"): UNKNOWN_KEYS,  # tests/live/test_event_stream.py
    ("http", r"^ws/(?:live|ingest)/?$"): None,  # says that a socket is wanted
    ("http", r"^(?:api|clients|data)/"): None,  # Django's, above
    ("http", r"^s/(?P<token>[^/]{1,80})/events/?$"): None,  # as their sockets, below
    ("http", r"^p/(?P<token>[^/]{1,80})/events/?$"): None,
    ("http", r"^[sp]/[^/]{1,80}/(?:latest|series)/"): None,  # Django's, above
    ("http", r""): None,
    ("websocket", r"^ws/live/?$"): UNKNOWN_KEYS,  # tests/live/test_consumers.py
    ("websocket", r"^s/(?P<token>[^/]{1,80})/live/?$"): None,  # a token of 240 bits, or a cookie that is signed
    ("websocket", r"^p/(?P<token>[^/]{1,80})/live/?$"): None,  # the same, or what is public
    ("websocket", r"^ws/ingest/?$"): UNKNOWN_KEYS,  # tests/ingest/doors/test_socket.py
    ("websocket", r""): None,
}
WRONG = {"email": "owner@example.org", "password": "wrong wrong", "current": "wrong wrong", "new": "a new one 123"}


def is_told_to_wait(answer: Any) -> bool:
    return answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0


def flood(counted: UnknownCredentials, address: str, stopped: pytest.MonkeyPatch) -> None:
    """Let an address have no tries left, and no time pass in which it would get more."""
    stopped.setattr(counted, "_clock", lambda: 1000.0)
    for number in range(BURST):
        counted.note_unknown(f"sft_{number}", address)


def test_every_form_is_in_the_table() -> None:
    forms = {route for route, methods in ADDRESSES.items() if "POST" in methods and not route.startswith("api/")}

    assert forms == PAGES.keys() | NO_SECRET


def test_every_route_beside_django_is_in_the_table() -> None:
    found = {(protocol, route) for protocol, routes in BESIDE.items() for route in routes if route not in DOORS}

    assert found == OTHERS.keys()


def test_every_address_of_the_api_takes_tokens_by_the_counting_class() -> None:
    found = {route: getattr(pattern.callback, "cls", None) for route, pattern in ours().items()}
    views = {route: view for route, view in found.items() if isinstance(view, type) and issubclass(view, APIView)}
    tokens = {route for route, view in views.items() if TokenAuthentication in view.authentication_classes}
    passwords = {route for route, view in views.items() if AttemptThrottle in view.throttle_classes}

    api = {route for route in ADDRESSES if route.startswith("api/")} - DOCUMENTS
    assert tokens - DOCUMENTS == api - NO_TOKEN
    # Closing the account is throttled by its method.
    assert passwords | {"api/v1/auth/me/"} == {route for (route, _), kind in API.items() if kind == PASSWORDS}


def test_unknown_tokens_are_turned_away_at_every_address_of_the_api(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood(UNKNOWN_TOKENS, "127.0.0.1", monkeypatch)
    wrong = []
    for route in sorted({*ADDRESSES, *BY_TOKEN} - NO_TOKEN - DOCUMENTS):
        for method in ADDRESSES.get(route, {"GET": ""}) if route.startswith(("api/", "data/")) else ():
            guess = f"sft_guess {route} {method}"
            answer = ask(Client(headers={"Authorization": f"Bearer {guess}", "x-api-key": guess}), world, route, method)
            if not is_told_to_wait(answer):
                wrong.append((method, route, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("route", [route for route, kind in PAGES.items() if kind == PASSWORDS])
def test_passwords_are_counted_at_every_form(cast: Cast, route: str) -> None:
    client = Client()
    if route.startswith("account/"):
        client.force_login(cast.owner)
    tries = [client.post(f"/{route}", _form(cast, route, number)) for number in range(PER_NETWORK + 1)]

    assert not is_told_to_wait(tries[0])
    assert is_told_to_wait(tries[-1])


def _form(cast: Cast, route: str, number: int) -> dict[str, str]:
    # At sign-up an address that is taken is what can be found out.
    email = cast.owner.email if route == "sign-up/" else f"other{number}@example.org"
    return {**WRONG, "email": email, "name": "x", "site": "x", "site_name": "x", "typed": cast.owner.email}


@pytest.mark.usefixtures("mail_settings")
def test_links_for_passwords_are_counted_for_accounts_and_networks(cast: Cast) -> None:
    def asked(email: str, address: str) -> Any:
        return Client().post("/sign-in/forgotten/", {"email": email}, REMOTE_ADDR=address)

    # The account has another network each time, and need not exist; the network has another account each time.
    for email in (cast.owner.email, "unknown@example.org"):
        of_account = [asked(email, f"192.0.2.{number}") for number in range(PER_ACCOUNT + 1)]
        assert [is_told_to_wait(answer) for answer in of_account] == [*[False] * PER_ACCOUNT, True]
    of_network = [asked(f"x{number}@example.org", "198.51.100.9") for number in range(resets.PER_NETWORK + 1)]
    assert [is_told_to_wait(answer) for answer in of_network] == [*[False] * resets.PER_NETWORK, True]


def test_guessed_links_are_turned_away_and_a_good_one_is_not_counted(cast: Cast) -> None:
    good = resets.link_for(cast.owner)
    for _ in range(LINKS_PER_NETWORK + 3):
        assert Client().get(good).status_code == 302
    guesses = [Client().get("/sign-in/new-password/MQ/abc-def/") for _ in range(LINKS_PER_NETWORK + 1)]

    assert {answer.status_code for answer in guesses[:-1]} == {404}
    assert is_told_to_wait(guesses[-1])


@pytest.mark.usefixtures("mail_settings")
def test_test_messages_are_counted(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner)
    tries = [client.post("/account/mail/test/") for _ in range(TESTS_PER_HOUR + 1)]

    assert {answer.status_code for answer in tries[:-1]} == {302}
    assert is_told_to_wait(tries[-1])


def test_wrong_provisioning_keys_are_turned_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"provisionDeviceKey": "sfp_0", "provisionDeviceSecret": "x"}
    first = Client().post("/api/v1/provision/", given, content_type="application/json")
    flood(UNKNOWN_PROVISIONING, "127.0.0.1", monkeypatch)
    last = Client().post("/api/v1/provision/", given, content_type="application/json")

    assert first.status_code == 401
    assert is_told_to_wait(last)


def test_guesses_of_consoles_are_turned_away(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner)
    path = f"/sensors/{cast.sensor.uuid}/console/identity/"
    tries = [
        client.post(path, {"station_id": "A", "station_password": str(number)}) for number in range(REGISTRATIONS + 1)
    ]

    assert CLAIMS < REGISTRATIONS
    assert {answer.status_code for answer in tries[:-1]} == {302}
    assert is_told_to_wait(tries[-1])


@pytest.mark.django_db(transaction=True)
async def test_wrong_keys_and_tokens_are_turned_away_at_every_door(
    server: Server, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors = [*console_doors(server.ingest, max_body_bytes=1_000), *platform_doors(server.ingest, max_body_bytes=1_000)]
    secret = [(pattern, door) for pattern, door in doors if not isinstance(door, Fixed)]
    readings = (r"^api/v1/readings/?$", ReadingsDoor(server.pipeline, max_body_bytes=MAX_BODY_BYTES))
    async for client in _client([readings, *secret]):
        first = await client.post("/api/v1/readings", json={"a": 1}, headers=_bearer(f"sf_zzzzzzzz-{'A' * 32}"))
        flood(server.pipeline._unknown_credentials, "203.0.113.7", monkeypatch)
        wrong = {}
        for pattern, _ in [readings, *secret]:
            answer = await _try(client, _path_of(pattern), "sf_zzzzzzzz-" + "B" * 32)
            if not is_told_to_wait(answer):
                wrong[pattern] = answer.status_code
        good = [await client.post("/api/v1/readings", json={"temperature": 1}, headers=_bearer(server.key))]
        good.append(
            await client.post("/api/v2/write", content="air,sensor=Orchard\\ station t=1", headers=_bearer(token))
        )
        good.append(await client.get(f"/api/v1/{server.key}/attributes"))

    assert first.status_code == 401
    assert wrong == {}
    assert [answer.status_code for answer in good] == [200, 204, 200]


async def _client(routes: list[Any]) -> AsyncIterator[httpx2.AsyncClient]:
    router = URLRouter([re_path(pattern, door) for pattern, door in routes])
    transport = httpx2.ASGITransport(app=router, client=("203.0.113.7", 4321))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sensors.test") as client:
        yield client


def _bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def _try(client: httpx2.AsyncClient, path: str, key: str) -> httpx2.Response:
    """Show a key in the places of all protocols, by the method that the door has."""
    query = {"key": key, "appid": key, "api_key": key, "PASSWORD": key, "PASSKEY": key, "wspw": key, "ID": "A"}
    answer = await client.post(path.replace("KEY", key), params=query, headers=_bearer(key), json={})
    if answer.status_code == 405:
        answer = await client.get(path.replace("KEY", key), params=query, headers=_bearer(key))
    return answer


# Of a pattern: what stands for its parts in an address; the first that fits.
PARTS = (
    (r"^in/(?P<key>sf_[\w-]+)/?(?P<glued>[^/]*=[^/]*)?", "in/KEY/"),
    ("(?:in/(?P<key>[^/]+)/)?", ""),
    (r"(?:(?P<key>sf_[\w-]+)/)?", ""),
    (r"(?:/[\w/-]*)?", ""),
    ("(?P<glued>.*)", ""),
    (TOKEN, "KEY"),
    ("(?P<channel>[^/]+)", "9"),
    ("(?P<stream>[^/]+)", "x"),
    ("/?", ""),
    (r"\.", "."),
    ("^", ""),
    ("$", ""),
)


def _path_of(pattern: str) -> str:
    path = pattern
    for part, text in PARTS:
        path = path.replace(part, text)
    assert re.match(pattern, path.replace("KEY", "sf_a")), path
    return f"/{path}"


def test_good_password_is_not_kept_out_by_guesses_of_others(cast: Cast) -> None:
    client = Client()
    client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.9")
    for number in range(PER_NETWORK + 5):
        Client().post("/sign-in/", {**WRONG, "email": f"x{number}@example.org"}, REMOTE_ADDR="192.0.2.9")
    client.post("/sign-out/")

    answer = client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.9")

    assert answer.status_code == 302

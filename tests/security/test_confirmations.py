"""How each dangerous act is confirmed. An address that takes what is written and is in no table fails the test.

A stranger at an open browser has a session: what they could keep, take or destroy by it is confirmed by something that
they do not have. A token is such a thing itself; its scope bounds it (`test_token_scopes.py`).
"""

from typing import Any, Final

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client

from sensorfusion.accounts.models import Operator, TokenScope
from tests.administration.conftest import made_administrator
from tests.security.test_sight import ADDRESSES, ADMIN, World, ask, everywhere, ours, signed_in, world
from tests.security.test_token_scopes import program

__all__ = ["world"]
CONFIRM: Final = "/account/confirm/"
SITE, SENSOR = "sites/<uuid:uuid>", "sensors/<uuid:uuid>"
HOOK: Final = f"{SITE}/webhooks/<uuid:webhook>"

# A sign-in or a confirmation within the last 15 minutes: of the second factor, if the account has one.
PROOF: Final = {
    *("account/tokens/", f"{SITE}/tokens/", f"{SITE}/provisioning/", f"{SENSOR}/hand-over/"),
    *(f"{SITE}/members/", f"{SITE}/members/<uuid:member>/", f"{SITE}/members/<uuid:member>/remove/"),
    *(f"{SITE}/webhooks/add/", f"{HOOK}/", f"{HOOK}/act/"),
    *(f"administration/{name}/" for name in ("features", "announcements", "invitations")),
}
# The name of what is deleted, typed.
TYPED: Final = {f"{SITE}/delete/", f"{SENSOR}/delete/", f"{HOOK}/delete/"}
# The password in the form itself, and the second factor within the last five minutes.
PASSWORD: Final = {"account/email/", "account/password/", "account/close/"}
# Pages of second factors, which ask for password, code or passkey before they open.
FACTORS: Final = {
    f"account/second-factor/{name}/"
    for name in ("app", "app/remove", "passkeys", "passkeys/<int:pk>", "passkeys/<int:pk>/remove", "codes/new")
}
# What needs no confirmation, and why.
HARMLESS: Final[dict[str, set[str]]] = {
    "is itself a sign-in, or a confirmation": {
        *("sign-in/", "sign-in/forgotten/", "sign-in/new-password/<uidb64>/<token>/", "sign-in/address/"),
        *("sign-in/second-factor/", "sign-in/passkey/", "sign-up/", "sign-up/confirm/", "set-up/"),
        *("account/confirm/", "account/confirm/code/", "account/confirm/passkey/", "s/<str:token>/", "p/<str:page>/"),
    },
    "only takes rights away, and whoever lost them signs in, or is given them, again": {
        *("sign-out/", "account/sessions/end/", "account/sessions/<int:number>/end/"),
        *("account/tokens/<int:number>/end/", f"{SENSOR}/keys/<int:number>/revoke/", "account/email/cancel/"),
        *(f"{SITE}/invitations/<uuid:invitation>/withdraw/", f"{SENSOR}/hand-over/withdraw/"),
        *(f"{SITE}/sharing/end/", f"{SENSOR}/shares/<uuid:share>/end/", f"{SENSOR}/public/end/"),
        "administration/invitations/<uuid:uuid>/revoke/",
        "administration/announcements/<int:number>/end/",
    },
    "gives a right to one's own account": {
        *("invitations/<uuid:uuid>/answer/", "invitations/sensors/<uuid:offer>/"),
        *("invitations/sensors/<uuid:offer>/decline/", "sensors/consoles/<int:number>/claim/", "sites/new/"),
    },
    "is about the reader's own pages and messages": {
        *("account/announcements/<int:number>/dismiss/", "account/profile/", "account/choices/", "account/mail/"),
        *("account/email/again/", "account/mail/test/", "account/reports/<uuid:subscription>/stop/"),
        *("account/reports/end/<token>/", "exports/<uuid:export>/remove/", f"{SENSOR}/reports/mail/"),
        *("alerts/channels/", "alerts/browsers/", "alerts/messages/save/", "alerts/messages/<uuid:message>/again/"),
        *(f"alerts/channels/<uuid:channel>/{name}/" for name in ("test", "switch", "remove")),
        *(f"{SENSOR}/export/", f"{SITE}/export/"),
    },
    "shows chosen values, is listed with its maker, and ends at once": {
        *(f"{SITE}/sharing/", f"{SENSOR}/shares/", f"{SENSOR}/public/", "tv/open/"),
    },
    "may send readings of one sensor, and nothing else": {
        *(f"{SENSOR}/keys/", "sensors/new/", f"{SENSOR}/console/", f"{SENSOR}/console/identity/"),
        f"{SENSOR}/console/forget/",
    },
    "is written again at the same place": {
        *("explore/saved/", "explore/saved/<uuid:saved>/delete/", "alerts/maintenance/"),
        *("alerts/maintenance/<uuid:span>/end/", "alerts/<uuid:alert>/acknowledge/", "alerts/<uuid:alert>/snooze/"),
        *(f"alerts/rules/<uuid:rule>/{name}" for name in ("", "switch/", "delete/")),
        *(f"{SITE}/settings/", f"{SITE}/notices/clear/", f"{SENSOR}/alert-rules/new/", "sensors/unknown-names/"),
        *(f"{SENSOR}/{name}/" for name in ("names", "fields", "notices/clear", "settings", "status", "polling")),
        *(f"{SENSOR}/{name}/" for name in ("polling/remove", "quality", "quantities", "notes", "import")),
        *(f"{SENSOR}/notes/<uuid:note>/", f"{SENSOR}/notes/<uuid:note>/delete/"),
        *(f"{SENSOR}/exclusions/", f"{SENSOR}/exclusions/<int:number>/restore/"),
        *(f"{SENSOR}/import/<uuid:number>/", f"{SENSOR}/import/<uuid:number>/discard/"),
        *(f"{SENSOR}/send-on/add/<slug:network>/", f"{SENSOR}/send-on/<uuid:destination>/act/"),
        f"{HOOK}/deliveries/<uuid:delivery>/replay/",
    },
    "says what will be deleted, and deletes it some days later": {f"{SITE}/keeping/", f"{SENSOR}/keeping/"},
}

# Of the API, what a session must prove: all that takes the scope administer, and what deletes readings.
API_DELETES: Final = {(f"api/v1/{SENSOR}/", "DELETE"), (f"api/v1/{SENSOR}/readings/", "DELETE")}
ALERTS: Final = {(f"api/v1/{SITE}/alert-settings/", "PUT")}  # who is alerted, written again at the same place
SAFE: Final = {"GET", "HEAD", "OPTIONS"}


def written() -> set[str]:
    return {route for route, methods in ADDRESSES.items() if methods.keys() - SAFE and not route.startswith("api/")}


def of_the_api() -> set[tuple[str, str]]:
    """Return what a session must prove, as views say it."""
    found = set()
    for route, pattern in ours().items():
        view = getattr(pattern.callback, "cls", None)
        named = {*getattr(view, "administered", ()), *getattr(view, "proven", ())} - SAFE
        found |= {(route, method) for method in named & ADDRESSES.get(route, {}).keys()}
    return found


def test_every_address_that_takes_what_is_written_is_in_one_table() -> None:
    tables = [PROOF, TYPED, PASSWORD, FACTORS, *HARMLESS.values()]

    assert set().union(*tables) == written()
    assert sum(map(len, tables)) == len(written()), "an address is in two tables"


def test_whatever_takes_the_scope_administer_or_deletes_readings_is_proven_in_the_api(world: World) -> None:
    narrow = program(world.cast.owner, TokenScope.WRITE)
    administered = {
        (route, method)
        for route, method, _ in everywhere()
        if route.startswith("api/v1/") and method not in SAFE and ask(narrow, world, route, method).status_code == 403
    }

    assert of_the_api() == (administered | API_DELETES) - ALERTS
    assert len(administered) > 15


def stale(operator: Operator) -> Client:
    """Return a browser whose operator signed in long ago."""
    client = signed_in(operator)
    session = client.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    return client


def who(world: World, route: str) -> Operator:
    return made_administrator(world.cast.outsider) if ADMIN in ADDRESSES[route].values() else world.cast.owner


@pytest.mark.parametrize("route", sorted(PROOF))
def test_a_browser_that_was_left_open_is_asked_first(world: World, route: str) -> None:
    answer = ask(stale(who(world, route)), world, route, "POST")

    assert leads_to_confirmation(answer), answer
    assert not leads_to_confirmation(ask(signed_in(who(world, route)), world, route, "POST"))


@pytest.mark.parametrize("route", sorted(FACTORS))
def test_second_factors_change_after_a_confirmation_of_the_last_minutes(world: World, route: str) -> None:
    owner = world.cast.owner
    totp = Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": ""})
    passkey = Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={"credential": {}})
    one = route.replace("<int:pk>", str(passkey.pk))
    if route.endswith("second-factor/app/"):
        totp.delete()  # which is set up there

    assert leads_to_confirmation(signed_in(owner).post(f"/{one}"))  # signed in just now, which is not enough
    assert set(Authenticator.objects.filter(user=owner)) >= {passkey}


def leads_to_confirmation(answer: Any) -> bool:  # of the test client, whose type is not exported
    return bool(answer.status_code == 302 and answer["Location"].startswith(CONFIRM))


def test_the_api_refuses_a_browser_that_was_left_open(world: World) -> None:
    client, fresh, wrong = stale(world.cast.owner), signed_in(world.cast.owner), {}
    for route, method in sorted(of_the_api()):
        answer = ask(client, world, route, method)
        if answer.status_code != 403 or b"confirm_first" not in answer.content:
            wrong[method, route] = answer.status_code
        if b"confirm_first" in ask(fresh, world, route, method).content:
            wrong[f"{method} just signed in", route] = 403

    assert wrong == {}


@pytest.mark.parametrize("route", sorted(TYPED))
def test_nothing_is_deleted_under_another_name(world: World, route: str) -> None:
    client, things = signed_in(world.cast.owner), (world.cast.site, world.cast.sensor, world.delivery.webhook)

    answer = client.post(world.path(route), {"typed": "Another"})

    assert answer.status_code == 400
    assert all(type(each).objects.filter(pk=each.pk).exists() for each in things)


@pytest.mark.parametrize("route", sorted(PASSWORD))
def test_nothing_of_an_account_changes_by_a_wrong_password(world: World, route: str) -> None:
    owner = world.cast.owner
    before = Operator.objects.filter(pk=owner.pk).values("email", "password", "is_active").get()
    given = {"email": "new@example.org", "current": "wrong", "new": "a fresh horse battery", "password": "wrong"}

    answer = signed_in(owner).post(world.path(route), {**given, "typed": owner.email})

    assert answer.status_code == 400
    assert Operator.objects.filter(pk=owner.pk).values("email", "password", "is_active").get() == before


def forms_of_the_admin() -> list[str]:
    models: list[Any] = list(admin.site._registry)
    return ["/admin/password_change/"] + [f"/admin/{each._meta.app_label}/{each._meta.model_name}/" for each in models]


def test_every_form_of_djangos_admin_is_proven(world: World) -> None:
    root = made_administrator(world.cast.outsider)

    for path in forms_of_the_admin():
        for address in (path, f"{path}add/", f"{path}1/change/", f"{path}1/delete/")[: 1 if "password" in path else 4]:
            assert leads_to_confirmation(stale(root).post(address)), address
        assert not leads_to_confirmation(signed_in(root).post(path))

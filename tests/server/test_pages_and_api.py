"""What a page changes can be changed by the API, too; what cannot yet is listed, and the list may only shrink."""

from collections.abc import Iterator
from typing import Final

from tests.security.test_sight import ADDRESSES

SITE, SENSOR = "api/v1/sites/<uuid:uuid>/", "api/v1/sensors/<uuid:uuid>/"
WEBHOOK = "api/v1/webhooks/<uuid:webhook>/"
SUBSCRIPTIONS = "api/v1/report-subscriptions/"
# The address of a page that changes something, and the operations of the API that do the same.
BY_API: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "sign-in/": (("POST", "api/v1/auth/login/"),),
    "sign-up/": (("POST", "api/v1/auth/register/"),),
    "sign-out/": (("POST", "api/v1/auth/logout/"),),
    "account/profile/": (("PATCH", "api/v1/auth/me/"),),
    "account/mail/": (("PATCH", "api/v1/auth/me/"),),
    "account/choices/": (("PATCH", "api/v1/auth/me/"),),
    "account/password/": (("POST", "api/v1/auth/password/"),),
    "account/tokens/": (("POST", "api/v1/auth/tokens/"),),
    "account/tokens/<int:number>/end/": (("DELETE", "api/v1/auth/tokens/<int:pk>/"),),
    "account/close/": (("DELETE", "api/v1/auth/me/"),),
    "sites/new/": (("POST", "api/v1/sites/"),),
    "sites/<uuid:uuid>/settings/": (("PATCH", SITE),),
    "sites/<uuid:uuid>/keeping/": (("PATCH", SITE),),
    "sites/<uuid:uuid>/notices/clear/": (("DELETE", f"{SITE}notices/"),),
    "sites/<uuid:uuid>/delete/": (("DELETE", SITE),),
    "sites/<uuid:uuid>/provisioning/": (("POST", f"{SITE}provisioning/"), ("DELETE", f"{SITE}provisioning/")),
    "sites/<uuid:uuid>/tokens/": (("POST", "api/v1/auth/tokens/"),),
    "sites/<uuid:uuid>/members/": (("POST", f"{SITE}members/"),),
    "sites/<uuid:uuid>/members/<uuid:member>/": (("PATCH", f"{SITE}members/<uuid:operator>/"),),
    "sites/<uuid:uuid>/members/<uuid:member>/remove/": (("DELETE", f"{SITE}members/<uuid:operator>/"),),
    "sites/<uuid:uuid>/invitations/<uuid:invitation>/withdraw/": (("DELETE", f"{SITE}invitations/<uuid:invitation>/"),),
    "invitations/<uuid:uuid>/answer/": (
        ("POST", "api/v1/invitations/<uuid:uuid>/accept/"),
        ("POST", "api/v1/invitations/<uuid:uuid>/decline/"),
    ),
    "sensors/<uuid:uuid>/hand-over/": (("POST", f"{SENSOR}offer/"),),
    "sensors/<uuid:uuid>/hand-over/withdraw/": (("DELETE", f"{SENSOR}offer/"),),
    "invitations/sensors/<uuid:offer>/": (("POST", "api/v1/sensor-offers/<uuid:offer>/accept/"),),
    "invitations/sensors/<uuid:offer>/decline/": (("POST", "api/v1/sensor-offers/<uuid:offer>/decline/"),),
    "sensors/new/": (("POST", "api/v1/sensors/"),),
    "sensors/<uuid:uuid>/settings/": (("PATCH", SENSOR),),
    "sensors/<uuid:uuid>/keeping/": (("PATCH", SENSOR),),
    "sensors/<uuid:uuid>/status/": (("PATCH", SENSOR),),
    "sensors/<uuid:uuid>/quantities/": (("PATCH", SENSOR),),
    "sensors/<uuid:uuid>/names/": (("PATCH", SENSOR),),
    "sensors/<uuid:uuid>/delete/": (("DELETE", SENSOR),),
    "sensors/<uuid:uuid>/fields/": (("PATCH", f"{SENSOR}fields/"),),
    "sensors/<uuid:uuid>/notices/clear/": (("DELETE", f"{SENSOR}notices/"),),
    "sensors/<uuid:uuid>/polling/": (("PUT", f"{SENSOR}poll/"),),
    "sensors/<uuid:uuid>/polling/remove/": (("DELETE", f"{SENSOR}poll/"),),
    "sensors/<uuid:uuid>/send-on/add/<slug:network>/": (("POST", f"{SENSOR}send-on/"),),
    "sensors/<uuid:uuid>/send-on/<uuid:destination>/act/": (
        ("PATCH", f"{SENSOR}send-on/<uuid:destination>/"),
        ("DELETE", f"{SENSOR}send-on/<uuid:destination>/"),
        ("POST", f"{SENSOR}send-on/<uuid:destination>/now/"),
    ),
    "sensors/<uuid:uuid>/quality/": (("PUT", f"{SENSOR}quality/"),),
    "sensors/<uuid:uuid>/exclusions/": (("POST", f"{SENSOR}exclusions/"), ("DELETE", f"{SENSOR}readings/")),
    "sensors/<uuid:uuid>/exclusions/<int:number>/restore/": (("POST", f"{SENSOR}exclusions/<int:number>/restore/"),),
    "sensors/<uuid:uuid>/alert-rules/new/": (("POST", "api/v1/rules/"),),
    "alerts/rules/<uuid:rule>/": (("PATCH", "api/v1/rules/<uuid:rule>/"),),
    "alerts/rules/<uuid:rule>/switch/": (("PATCH", "api/v1/rules/<uuid:rule>/"),),
    "alerts/rules/<uuid:rule>/delete/": (("DELETE", "api/v1/rules/<uuid:rule>/"),),
    "alerts/<uuid:alert>/acknowledge/": (("POST", "api/v1/alerts/<uuid:alert>/acknowledge/"),),
    "alerts/<uuid:alert>/snooze/": (("POST", "api/v1/alerts/<uuid:alert>/snooze/"),),
    "sensors/<uuid:uuid>/notes/": (("POST", f"{SENSOR}notes/"),),
    "sensors/<uuid:uuid>/notes/<uuid:note>/": (("PATCH", f"{SENSOR}notes/<uuid:note>/"),),
    "sensors/<uuid:uuid>/notes/<uuid:note>/delete/": (("DELETE", f"{SENSOR}notes/<uuid:note>/"),),
    "sensors/<uuid:uuid>/reports/mail/": (("POST", SUBSCRIPTIONS), ("DELETE", f"{SUBSCRIPTIONS}<uuid:subscription>/")),
    "account/reports/<uuid:subscription>/stop/": (("DELETE", f"{SUBSCRIPTIONS}<uuid:subscription>/"),),
    "sensors/<uuid:uuid>/shares/": (("POST", "api/v1/shares/"),),
    "sensors/<uuid:uuid>/shares/<uuid:share>/end/": (("DELETE", "api/v1/shares/<uuid:share>/"),),
    "sensors/<uuid:uuid>/public/": (
        ("POST", "api/v1/site-shares/"),
        ("PATCH", "api/v1/site-shares/<uuid:page>/"),
    ),
    "sensors/<uuid:uuid>/public/end/": (
        ("PATCH", "api/v1/site-shares/<uuid:page>/"),
        ("DELETE", "api/v1/site-shares/<uuid:page>/"),
    ),
    "sites/<uuid:uuid>/sharing/": (("POST", "api/v1/site-shares/"),),
    "sites/<uuid:uuid>/sharing/end/": (("DELETE", "api/v1/site-shares/<uuid:page>/"),),
    "sensors/<uuid:uuid>/export/": (("POST", "api/v1/exports/"),),
    "sites/<uuid:uuid>/export/": (("POST", "api/v1/exports/"),),
    "exports/<uuid:export>/remove/": (("DELETE", "api/v1/exports/<uuid:export>/"),),
    "sites/<uuid:uuid>/webhooks/add/": (("POST", "api/v1/webhooks/"),),
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/": (("PATCH", WEBHOOK),),
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/act/": (
        ("PATCH", WEBHOOK),
        *(("POST", f"{WEBHOOK}{do}/") for do in ("test", "rotate", "replay")),
    ),
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/delete/": (("DELETE", WEBHOOK),),
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/replay/": (
        ("POST", f"{WEBHOOK}deliveries/<uuid:delivery>/replay/"),
    ),
    "sensors/<uuid:uuid>/keys/": (("POST", f"{SENSOR}keys/"),),
    "sensors/<uuid:uuid>/keys/<int:number>/revoke/": (("DELETE", f"{SENSOR}keys/<str:prefix>/"),),
}
# What only pages can do so far.
BY_PAGES_ONLY: Final = {
    "sign-in/forgotten/",
    "sign-in/new-password/<uidb64>/<token>/",
    # A program has no second factor, and no session.
    *("sign-in/second-factor/", "sign-in/passkey/", "account/confirm/", "account/confirm/code/"),
    *("account/confirm/passkey/", "account/second-factor/app/", "account/second-factor/app/remove/"),
    *(f"account/second-factor/passkeys/{of}" for of in ("", "<int:pk>/", "<int:pk>/remove/")),
    *("account/second-factor/codes/new/", "account/sessions/end/", "account/sessions/<int:number>/end/"),
    *("account/email/", "account/email/again/", "account/email/cancel/", "sign-in/address/"),  # by links of messages
    "account/announcements/<int:number>/dismiss/",  # of one browser
    *(f"administration/{of}/" for of in ("features", "announcements", "announcements/<int:number>/end")),
    *("administration/invitations/", "administration/invitations/<uuid:uuid>/revoke/"),
    *("sign-up/confirm/", "set-up/"),  # by the link of a message; by a code that the server printed
    "account/mail/test/",
    # How one is told of alerts.
    *("alerts/messages/save/", "alerts/messages/<uuid:message>/again/", "alerts/channels/", "alerts/browsers/"),
    *(f"alerts/channels/<uuid:channel>/{do}/" for do in ("test", "switch", "remove")),
    *("alerts/maintenance/", "alerts/maintenance/<uuid:span>/end/"),
    "account/reports/end/<token>/",  # the link of a message
    *("s/<str:token>/", "p/<str:page>/"),  # the password of a link
    "tv/open/",
    "explore/saved/",
    "explore/saved/<uuid:saved>/delete/",
    "sensors/consoles/<int:number>/claim/",
    "sensors/<uuid:uuid>/console/",
    "sensors/<uuid:uuid>/console/identity/",
    "sensors/<uuid:uuid>/console/forget/",
    "sensors/unknown-names/",
    "sensors/<uuid:uuid>/import/",
    "sensors/<uuid:uuid>/import/<uuid:number>/",
    "sensors/<uuid:uuid>/import/<uuid:number>/discard/",
}


def changing() -> Iterator[str]:
    return (route for route, methods in ADDRESSES.items() if "POST" in methods and not route.startswith("api/"))


def test_every_page_that_changes_something_is_listed() -> None:
    assert set(changing()) == BY_API.keys() | BY_PAGES_ONLY
    assert not BY_API.keys() & BY_PAGES_ONLY


def test_every_operation_that_is_named_exists() -> None:
    named = {operation for operations in BY_API.values() for operation in operations}

    assert [(method, route) for method, route in named if method not in ADDRESSES.get(route, {})] == []

"""Every URL of the platform, and who may access it. A URL that is missing in the table fails the test."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from sensorfusion.accounts.models import Announcement, ApiToken, Invitation, Operator, Role
from sensorfusion.accounts.services import issue_token
from sensorfusion.accounts.signing_up.invitations import invite as invite_to_sign_up
from sensorfusion.accounts.signing_up.models import SignUpInvitation
from sensorfusion.alerts.models import Alert, AlertChannel, AlertMessage, Maintenance
from sensorfusion.alerts.services import make_rule
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.explore.models import SavedComparison
from sensorfusion.ingest.doors.consoles.catalogue import console_doors
from sensorfusion.ingest.doors.platforms import platform_doors
from sensorfusion.ingest.files import spool
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.readings.export.jobs.services import Ordered, make_export
from sensorfusion.readings.models import Exclusion, ExportJob, ExportOf, Note
from sensorfusion.readings.notes.services import make_note
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.services import add_destination
from sensorfusion.sensors.models import Key, Poll, Sensor, SensorOffer, Site
from sensorfusion.sensors.services import rotate_key
from sensorfusion.sensors.sites.invitations import invite
from sensorfusion.sensors.transfer.offers import offer
from sensorfusion.server.asgi import application
from sensorfusion.server.process import Process
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.services import IssuedShare, make_share
from sensorfusion.sharing.sites.queries import link_of
from sensorfusion.sharing.sites.services import Part, Shown, share_site
from sensorfusion.webhooks.models import Delivery
from sensorfusion.webhooks.planning import add_delivery
from sensorfusion.webhooks.services import make_webhook
from tests.clients import NOW, let_go
from tests.conftest import PASSWORD, Cast
from tests.storing import store

# Access: everyone; signed-in operators, for their own data; members of the site; its editors; owners; administrators of
# the installation.
PUBLIC, OWN, READ, EDIT, OWNER, ADMIN = "public", "own", "read", "edit", "owner", "admin"
Methods = dict[str, str]

ADDRESSES: dict[str, Methods] = {
    "": {"GET": OWN},
    "offline/": {"GET": PUBLIC},
    "worker.js": {"GET": PUBLIC},
    "sign-in/": {"GET": PUBLIC, "POST": PUBLIC},
    "sign-in/forgotten/": {"GET": PUBLIC, "POST": PUBLIC},
    "sign-in/new-password/<uidb64>/<token>/": {"GET": PUBLIC, "POST": PUBLIC},
    "sign-in/address/": {"GET": PUBLIC, "POST": PUBLIC},
    "sign-in/address/<token>/": {"GET": PUBLIC},
    "sign-in/second-factor/": {"GET": OWN, "POST": OWN},  # of those who entered a password; it leads others there
    "sign-in/passkey/": {"GET": OWN, "POST": OWN},  # leads to the sign-in whoever does not ask as a script
    "sign-up/": {"GET": PUBLIC, "POST": PUBLIC},
    "sign-up/invited/<token>/": {"GET": PUBLIC},
    "sign-up/confirm/": {"GET": PUBLIC, "POST": PUBLIC},
    "sign-up/confirm/<token>/": {"GET": PUBLIC},
    "set-up/": {"GET": PUBLIC, "POST": PUBLIC},
    "sign-out/": {"POST": PUBLIC},
    "account/": {"GET": OWN},
    "account/audit/": {"GET": OWN},
    "account/announcements/<int:number>/dismiss/": {"POST": PUBLIC},
    **{f"administration/{name}": {"GET": ADMIN} for name in ("", "operators/", "storage/", "storage/<uuid:uuid>/")},
    **{f"administration/{name}/": {"GET": ADMIN} for name in ("jobs", "queues", "quotas", "audit")},
    **{
        f"administration/{name}/": {"GET": ADMIN, "POST": ADMIN}
        for name in ("features", "announcements", "invitations")
    },
    "administration/invitations/<uuid:uuid>/revoke/": {"POST": ADMIN},
    "administration/announcements/<int:number>/end/": {"POST": ADMIN},
    "account/profile/": {"POST": OWN},
    "account/choices/": {"POST": OWN},
    "account/email/": {"POST": OWN},
    "account/email/again/": {"POST": OWN},
    "account/email/cancel/": {"POST": OWN},
    "account/password/": {"POST": OWN},
    "account/mail/": {"POST": OWN},
    "account/mail/test/": {"POST": OWN},
    "account/reports/": {"GET": OWN},
    "account/reports/<uuid:subscription>/stop/": {"POST": OWN},
    "exports/": {"GET": OWN},
    "exports/<uuid:export>/remove/": {"POST": OWN},
    "sensors/<uuid:uuid>/export/": {"GET": READ, "POST": READ},
    "sites/<uuid:uuid>/export/": {"GET": READ, "POST": READ},
    "sites/<uuid:uuid>/webhooks/": {"GET": OWNER},
    "sites/<uuid:uuid>/webhooks/add/": {"GET": OWNER, "POST": OWNER},
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/": {"GET": OWNER, "POST": OWNER},
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/act/": {"POST": OWNER},
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/delete/": {"POST": OWNER},
    "sites/<uuid:uuid>/webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/replay/": {"POST": OWNER},
    "account/reports/end/<token>/": {"GET": PUBLIC, "POST": PUBLIC},
    **{f"account/confirm/{by}": {"GET": OWN, "POST": OWN} for by in ("", "code/", "passkey/")},
    "account/second-factor/": {"GET": OWN},
    "account/second-factor/app/": {"GET": OWN, "POST": OWN},
    "account/second-factor/app/remove/": {"GET": OWN, "POST": OWN},
    "account/second-factor/passkeys/": {"GET": OWN, "POST": OWN},
    "account/second-factor/passkeys/<int:pk>/": {"GET": OWN, "POST": OWN},
    "account/second-factor/passkeys/<int:pk>/remove/": {"GET": OWN, "POST": OWN},
    "account/second-factor/codes/": {"GET": OWN},
    "account/second-factor/codes/new/": {"GET": OWN, "POST": OWN},
    "account/sessions/end/": {"POST": OWN},
    "account/sessions/<int:number>/end/": {"POST": OWN},
    "account/tokens/": {"POST": OWN},
    "account/tokens/<int:number>/end/": {"POST": OWN},
    "account/close/": {"GET": OWN, "POST": OWN},
    "account/archive.zip": {"GET": OWN},
    "explore/": {"GET": OWN},
    "explore/csv/": {"GET": OWN},
    "explore/saved/": {"POST": OWN},
    "explore/saved/<uuid:saved>/": {"GET": READ},
    "explore/saved/<uuid:saved>/delete/": {"POST": EDIT},
    "alerts/": {"GET": OWN},
    "alerts/messages/": {"GET": OWN},
    "alerts/messages/save/": {"POST": OWN},
    "alerts/messages/<uuid:message>/again/": {"POST": OWN},
    "alerts/channels/": {"POST": OWN},
    "alerts/browsers/": {"POST": OWN},
    "alerts/channels/<uuid:channel>/test/": {"POST": OWN},
    "alerts/channels/<uuid:channel>/switch/": {"POST": OWN},
    "alerts/channels/<uuid:channel>/remove/": {"POST": OWN},
    "alerts/maintenance/": {"POST": OWN},
    "alerts/maintenance/<uuid:span>/end/": {"POST": EDIT},
    "alerts/<uuid:alert>/acknowledge/": {"POST": EDIT},  # viewers if the owner allows it
    "alerts/<uuid:alert>/snooze/": {"POST": EDIT},
    "alerts/rules/new/": {"GET": OWN},
    "alerts/rules/<uuid:rule>/": {"GET": EDIT, "POST": EDIT},
    "alerts/rules/<uuid:rule>/switch/": {"POST": EDIT},
    "alerts/rules/<uuid:rule>/delete/": {"POST": EDIT},
    "sensors/<uuid:uuid>/alert-rules/new/": {"GET": EDIT, "POST": EDIT},
    # Links to chosen quantities are rights by themselves: tests/sharing.
    "s/<str:token>/": {"GET": PUBLIC, "POST": PUBLIC},
    "tv/": {"GET": PUBLIC},
    "tv/state/": {"GET": PUBLIC},
    "tv/open/": {"GET": OWN, "POST": OWN},
    "s/<str:token>/latest/": {"GET": PUBLIC},
    "s/<str:token>/series/": {"GET": PUBLIC},
    "s/<str:token>/card.json": {"GET": PUBLIC},
    "s/<str:token>/picture.svg": {"GET": PUBLIC},
    **{f"s/<str:token>/embed/{kind}/": {"GET": PUBLIC} for kind in ("card", "value", "chart", "states")},
    "s/<str:token>/picture.png": {"GET": PUBLIC},
    "p/<str:page>/": {"GET": PUBLIC, "POST": PUBLIC},
    "p/<str:page>/latest/": {"GET": PUBLIC},
    "p/<str:page>/embed/cards/": {"GET": PUBLIC},
    "p/<str:page>/picture.svg": {"GET": PUBLIC},
    "p/<str:page>/picture.png": {"GET": PUBLIC},
    "sites/<uuid:uuid>/sharing/": {"GET": EDIT, "POST": EDIT},
    "sites/<uuid:uuid>/sharing/end/": {"POST": EDIT},
    "sensors/<uuid:uuid>/shares/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/shares/<uuid:share>/end/": {"POST": EDIT},
    "sensors/<uuid:uuid>/public/": {"POST": EDIT},
    "sensors/<uuid:uuid>/public/end/": {"POST": EDIT},
    "sites/new/": {"GET": OWN, "POST": OWN},
    "sites/<uuid:uuid>/settings/": {"GET": READ, "POST": EDIT},
    "sites/<uuid:uuid>/keeping/": {"POST": EDIT},
    "sites/<uuid:uuid>/notices/clear/": {"POST": EDIT},
    "sites/<uuid:uuid>/delete/": {"POST": OWNER},
    "sites/<uuid:uuid>/archive.zip": {"GET": OWNER},
    "sites/<uuid:uuid>/provisioning/": {"GET": OWNER, "POST": OWNER},
    "sites/<uuid:uuid>/audit/": {"GET": OWNER},
    "sites/<uuid:uuid>/tokens/": {"POST": READ},
    "sites/<uuid:uuid>/members/": {"POST": OWNER},
    "sites/<uuid:uuid>/members/<uuid:member>/": {"POST": OWNER},
    "sites/<uuid:uuid>/members/<uuid:member>/remove/": {"POST": OWNER},
    "sites/<uuid:uuid>/invitations/<uuid:invitation>/withdraw/": {"POST": OWNER},
    "invitations/": {"GET": OWN},
    "invitations/<uuid:uuid>/answer/": {"POST": OWN},
    "invitations/sensors/<uuid:offer>/": {"GET": OWN, "POST": OWN},
    "invitations/sensors/<uuid:offer>/decline/": {"POST": OWN},
    "sensors/<uuid:uuid>/hand-over/": {"GET": EDIT, "POST": OWNER},
    "sensors/<uuid:uuid>/hand-over/withdraw/": {"POST": OWNER},
    "sensors/": {"GET": OWN},
    "sensors/consoles/": {"GET": OWN},
    "sensors/consoles/<int:number>/claim/": {"POST": OWN},
    "sensors/<uuid:uuid>/console/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/console/identity/": {"POST": EDIT},
    "sensors/<uuid:uuid>/console/forget/": {"POST": EDIT},
    "sensors/unknown-names/": {"POST": OWN},
    "sensors/<uuid:uuid>/names/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/fields/": {"POST": EDIT},
    "sensors/<uuid:uuid>/notices/clear/": {"POST": EDIT},
    "sensors/new/": {"GET": OWN, "POST": OWN},
    "sensors/<uuid:uuid>/": {"GET": READ},
    "sensors/<uuid:uuid>/reports/": {"GET": READ},
    "sensors/<uuid:uuid>/reports/mail/": {"POST": READ},
    "sensors/<uuid:uuid>/reports/<int:year>/": {"GET": READ},
    "sensors/<uuid:uuid>/reports/<int:year>.<ending:ending>": {"GET": READ},
    "sensors/<uuid:uuid>/reports/<int:year>/W<int:number>/": {"GET": READ},
    "sensors/<uuid:uuid>/reports/<int:year>/W<int:number>.<ending:ending>": {"GET": READ},
    "sensors/<uuid:uuid>/reports/<int:year>/<int:number>/": {"GET": READ},
    "sensors/<uuid:uuid>/reports/<int:year>/<int:number>.<ending:ending>": {"GET": READ},
    "sensors/<uuid:uuid>/reports/<isodate:first>--<isodate:last>/": {"GET": READ},
    "sensors/<uuid:uuid>/reports/<isodate:first>--<isodate:last>.<ending:ending>": {"GET": READ},
    "sensors/<uuid:uuid>/start/": {"GET": EDIT},
    "sensors/<uuid:uuid>/settings/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/keeping/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/status/": {"POST": EDIT},
    "sensors/<uuid:uuid>/polling/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/polling/remove/": {"POST": EDIT},
    "clients/sensorfusion_client.py": {"GET": PUBLIC},
    "clients/sensorfusion_reader.py": {"GET": PUBLIC},
    "clients/sensorfusion.py": {"GET": PUBLIC},
    "clients/sensorfusion.js": {"GET": PUBLIC},
    "clients/sensorfusion.d.ts": {"GET": PUBLIC},
    "clients/SensorFusion.h": {"GET": PUBLIC},
    "clients/SensorFusion.zip": {"GET": PUBLIC},
    "sensors/<uuid:uuid>/send-on/": {"GET": READ},
    "sensors/<uuid:uuid>/send-on/add/<slug:network>/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/send-on/<uuid:destination>/act/": {"POST": EDIT},
    "sensors/<uuid:uuid>/quality/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/quantities/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/exclusions/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/exclusions/<int:number>/restore/": {"POST": EDIT},
    "sensors/<uuid:uuid>/notes/": {"GET": READ, "POST": EDIT},
    "sensors/<uuid:uuid>/notes/<uuid:note>/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/notes/<uuid:note>/delete/": {"POST": EDIT},
    "sensors/<uuid:uuid>/import/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/import/<uuid:number>/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/import/<uuid:number>/refused.csv": {"GET": EDIT},
    "sensors/<uuid:uuid>/import/<uuid:number>/discard/": {"POST": EDIT},
    "sensors/<uuid:uuid>/delete/": {"POST": EDIT},
    "sensors/<uuid:uuid>/keys/": {"GET": EDIT, "POST": EDIT},
    "sensors/<uuid:uuid>/keys/<int:number>/revoke/": {"POST": EDIT},
    "api/schema/": {"GET": PUBLIC},
    "api/docs/": {"GET": PUBLIC},
    "api/docs": {"GET": PUBLIC},
    "api/redoc/": {"GET": PUBLIC},
    "api/redoc": {"GET": PUBLIC},
    "api/v1/auth/register/": {"POST": PUBLIC},
    "api/v1/auth/login/": {"POST": PUBLIC},
    "api/v1/auth/logout/": {"POST": OWN},
    "api/v1/auth/password/": {"POST": OWN},
    "api/v1/auth/me/archive/": {"GET": OWN},
    "api/v1/auth/me/": {"GET": OWN, "PATCH": OWN, "DELETE": OWN},
    "api/v1/auth/audit/": {"GET": OWN},
    "api/v1/auth/tokens/": {"GET": OWN, "POST": OWN},
    "api/v1/auth/tokens/<int:pk>/": {"DELETE": OWN},
    "api/v1/sites/": {"GET": OWN, "POST": OWN},
    "api/v1/sites/<uuid:uuid>/": {"GET": READ, "PUT": EDIT, "PATCH": EDIT, "DELETE": OWNER},
    "api/v1/sites/<uuid:uuid>/provisioning/": {"GET": OWNER, "POST": OWNER, "DELETE": OWNER},
    "api/v1/provision/": {"POST": PUBLIC},
    "api/v1/sensors/<uuid:uuid>/attributes/": {"GET": READ, "PUT": EDIT},
    "api/v1/sites/<uuid:uuid>/usage/": {"GET": READ},
    "api/v1/sites/<uuid:uuid>/notices/": {"GET": EDIT, "DELETE": EDIT},
    "api/v1/sensors/<uuid:uuid>/notices/": {"GET": EDIT, "DELETE": EDIT},
    "api/v1/sensors/<uuid:uuid>/poll/": {"GET": EDIT, "PUT": EDIT, "DELETE": EDIT},
    "api/v1/sensors/<uuid:uuid>/fields/": {"GET": READ, "PATCH": EDIT},
    "api/v1/sites/<uuid:uuid>/audit/": {"GET": OWNER},
    "api/v1/sites/<uuid:uuid>/members/": {"GET": READ, "POST": OWNER},
    "api/v1/sites/<uuid:uuid>/members/<uuid:operator>/": {"PATCH": OWNER, "DELETE": OWNER},
    "api/v1/sites/<uuid:uuid>/invitations/": {"GET": OWNER},
    "api/v1/sites/<uuid:uuid>/invitations/<uuid:invitation>/": {"DELETE": OWNER},
    "api/v1/invitations/": {"GET": OWN},
    "api/v1/invitations/<uuid:uuid>/accept/": {"POST": OWN},
    "api/v1/invitations/<uuid:uuid>/decline/": {"POST": OWN},
    "api/v1/sensors/": {"GET": OWN, "POST": OWN},
    "api/v1/sensors/<uuid:uuid>/": {"GET": READ, "PUT": EDIT, "PATCH": EDIT, "DELETE": EDIT},
    "api/v1/sensors/<uuid:uuid>/latest/": {"GET": READ},
    "api/v1/sensors/<uuid:uuid>/readings/": {"GET": READ, "DELETE": EDIT},
    "api/v1/sensors/<uuid:uuid>/quality/": {"GET": READ, "PUT": EDIT},
    "api/v1/sensors/<uuid:uuid>/exclusions/": {"GET": READ, "POST": EDIT},
    "api/v1/sensors/<uuid:uuid>/exclusions/<int:number>/restore/": {"POST": EDIT},
    "api/v1/sensors/<uuid:uuid>/notes/": {"GET": READ, "POST": EDIT},
    "api/v1/sensors/<uuid:uuid>/notes/<uuid:note>/": {"GET": READ, "PATCH": EDIT, "DELETE": EDIT},
    "api/v1/sensors/<uuid:uuid>/series/": {"GET": READ},
    "api/v1/sensors/<uuid:uuid>/climate/": {"GET": READ},
    "api/v1/sensors/<uuid:uuid>/records/": {"GET": READ},
    "api/v1/sensors/<uuid:uuid>/normals/": {"GET": READ},
    "api/v1/sensors/<uuid:uuid>/usual/": {"GET": READ},
    "api/v1/sensors/<uuid:uuid>/export/": {"GET": READ},
    # Editors and viewers are not told to whom a sensor is offered.
    "api/v1/sensors/<uuid:uuid>/offer/": {"GET": OWNER, "POST": OWNER, "DELETE": OWNER},
    # Everybody's own.
    "api/v1/sensor-offers/": {"GET": OWN},
    "api/v1/sensor-offers/<uuid:offer>/accept/": {"POST": OWN},
    "api/v1/sensor-offers/<uuid:offer>/decline/": {"POST": OWN},
    "api/v1/exports/": {"GET": OWN, "POST": OWN},
    "api/v1/exports/<uuid:export>/": {"GET": OWN, "DELETE": OWN},
    "api/v1/exports/<uuid:export>/file/": {"GET": OWN},
    "api/v1/explore/": {"GET": OWN},
    "api/v1/rules/": {"GET": OWN, "POST": OWN},
    "api/v1/rules/preview/": {"POST": OWN},
    "api/v1/rules/<uuid:rule>/": {"GET": READ, "PATCH": EDIT, "DELETE": EDIT},
    "api/v1/alerts/": {"GET": OWN},
    "api/v1/alerts/<uuid:alert>/": {"GET": READ},
    "api/v1/alerts/<uuid:alert>/acknowledge/": {"POST": EDIT},  # viewers if the owner allows it: tests/alerts
    "api/v1/alerts/<uuid:alert>/snooze/": {"POST": EDIT},
    "api/v1/maintenance/": {"GET": OWN, "POST": OWN},
    "api/v1/maintenance/<uuid:span>/": {"DELETE": EDIT},
    "api/v1/sites/<uuid:uuid>/alert-settings/": {"GET": READ, "PUT": OWNER},
    # Viewers are not told of links.
    "api/v1/shares/": {"GET": OWN, "POST": OWN},
    "api/v1/site-shares/": {"GET": OWN, "POST": OWN},
    "api/v1/site-shares/<uuid:page>/": {"GET": EDIT, "PATCH": EDIT, "DELETE": EDIT},
    "api/v1/shares/<uuid:share>/": {"GET": EDIT, "PATCH": EDIT, "DELETE": EDIT},
    # Everybody's own.
    "api/v1/report-subscriptions/": {"GET": OWN, "POST": OWN},
    "api/v1/report-subscriptions/<uuid:subscription>/": {"GET": OWN, "DELETE": OWN},
    # Editors and viewers are not told of webhooks.
    "api/v1/webhooks/": {"GET": OWN, "POST": OWN},
    "api/v1/webhooks/<uuid:webhook>/": {"GET": OWNER, "PATCH": OWNER, "DELETE": OWNER},
    "api/v1/webhooks/<uuid:webhook>/rotate/": {"POST": OWNER},
    "api/v1/webhooks/<uuid:webhook>/test/": {"POST": OWNER},
    "api/v1/webhooks/<uuid:webhook>/replay/": {"POST": OWNER},
    "api/v1/webhooks/<uuid:webhook>/deliveries/": {"GET": OWNER},
    "api/v1/webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/replay/": {"POST": OWNER},
    "api/v1/sensors/<uuid:uuid>/send-on/": {"GET": READ, "POST": EDIT},
    "api/v1/sensors/<uuid:uuid>/send-on/<uuid:destination>/": {"GET": READ, "PATCH": EDIT, "DELETE": EDIT},
    "api/v1/sensors/<uuid:uuid>/send-on/<uuid:destination>/now/": {"POST": EDIT},
    "api/v1/sensors/<uuid:uuid>/keys/": {"GET": READ, "POST": EDIT},
    "api/v1/sensors/<uuid:uuid>/keys/<str:prefix>/": {"DELETE": EDIT},
}
# With an API token in the query, as another platform has it (tests/ingest/doors/test_openweathermap_stations.py).
# Answers that the API has no such address.
NOTHING_THERE = {"^api(?:/|$)"}
BY_TOKEN = {"data/3.0/stations/", "data/3.0/stations/<uuid:uuid>/"}
# Doors need a key, in any protocol (tests/ingest/doors).
DOORS = [
    pattern
    for doors in (console_doors, platform_doors)
    for pattern, _ in doors(Process().ingest, max_body_bytes=1_000_000)
]
# Beside Django: probes are for everybody, metrics for this machine or a token (tests/server/test_health.py), the doors
# for keys, the live stream for sessions and tokens (tests/live/test_consumers.py, tests/live/test_event_stream.py), the
# socket and the events of links for everybody who has one (tests/sharing/test_sockets.py, test_event_streams.py).
BESIDE = {
    "http": [
        r"^api/v1/readings/?$",
        r"^healthz/?$",
        r"^readyz/?$",
        r"^metrics/?$",
        *DOORS,
        r"^api/v1/stream/?$",
        r"^ws/(?:live|ingest)/?$",
        r"^(?:api|clients|data)/",
        r"^s/(?P<token>[^/]{1,80})/events/?$",
        r"^p/(?P<token>[^/]{1,80})/events/?$",
        r"^[sp]/[^/]{1,80}/(?:latest|series)/",
        r"",
    ],
    "websocket": [
        r"^ws/live/?$",
        r"^s/(?P<token>[^/]{1,80})/live/?$",
        r"^p/(?P<token>[^/]{1,80})/live/?$",
        r"^ws/ingest/?$",
        r"",
    ],
}
LEAD_TO_SIGN_IN = ("sign-out/", "sign-in/address/")  # strangers, too: the second is of those who entered a password
MAY = {
    "member": {PUBLIC, OWN, READ},
    "editor": {PUBLIC, OWN, READ, EDIT},
    "owner": {PUBLIC, OWN, READ, EDIT, OWNER},
}
PASSED = (200, 201, 202, 204, 302, 400, 409)
WORDS = 271.828  # a value that does not occur by chance
DJANGO_ADMIN = "admin/"


@dataclass
class World:
    """The cast, with an object of every kind at the owner's site."""

    cast: Cast
    key: Key
    token: ApiToken
    imported: FileImport
    exclusion: Exclusion
    invitation: Invitation
    saved: SavedComparison
    alert: Alert
    note: Note
    message: AlertMessage
    span: Maintenance
    subscription: ReportSubscription
    shared: IssuedShare  # of a quantity without values, as no other row of this table may show one
    locked: IssuedShare
    page: SiteShare
    delivery: Delivery
    destination: Destination
    export: ExportJob
    announcement: Announcement
    offer: SensorOffer
    invited: SignUpInvitation

    def path(self, route: str) -> str:
        """Fill the parameters of a URL with the owner's objects."""
        thing: Any = self.cast.site if "sites/" in route or "storage/" in route else self.cast.sensor
        if "invitations/<uuid:uuid>" in route:
            thing = self.invited if route.startswith("administration/") else self.invitation
        given = {
            "<uuid:uuid>": thing.uuid,
            "<uuid:member>": self.cast.editor.uuid,
            "<uuid:operator>": self.cast.editor.uuid,
            "<uuid:number>": self.imported.uuid,
            "<uuid:offer>": self.offer.uuid,
            "<uuid:invitation>": self.invitation.uuid,
            "<uuid:saved>": self.saved.uuid,
            "<uuid:alert>": self.alert.uuid,
            "<uuid:note>": self.note.uuid,
            "<uuid:channel>": self.message.channel.uuid if self.message.channel else "",
            "<uuid:message>": self.message.uuid,
            "<uuid:span>": self.span.uuid,
            "<uuid:share>": self.shared.share.uuid,
            "<uuid:page>": self.page.uuid,
            "<str:page>": link_of(self.page),
            "<uuid:webhook>": self.delivery.webhook.uuid,
            "<uuid:delivery>": self.delivery.uuid,
            "<uuid:destination>": self.destination.uuid,
            "<slug:network>": "wow",
            "<str:token>": (self.locked if route == "s/<str:token>/" else self.shared).text,
            "<uuid:subscription>": self.subscription.uuid,
            "<uuid:export>": self.export.uuid,
            "<uuid:rule>": self.alert.rule.uuid if self.alert.rule else "",
            "<str:prefix>": self.key.prefix,
            "<int:number>": self._numbered(route),
            "<int:pk>": self.token.pk,
            "<int:year>": NOW.year,
            "<ending:ending>": "csv",
            "<isodate:first>": NOW.date(),
            "<isodate:last>": NOW.date(),
            "<uidb64>": "MQ",
            "<token>": "no-such-token",
        }
        for name, value in given.items():
            route = route.replace(name, str(value))
        assert "<" not in route
        return f"/{route}"

    def _numbered(self, route: str) -> int:
        if "exclusions" in route:
            return int(self.exclusion.pk)
        if "reports" in route:
            return NOW.isocalendar().week if "/W" in route else NOW.month
        if "announcements" in route:
            return self.announcement.pk
        return int(self.token.pk if "tokens" in route else self.key.pk)

    def body(self, route: str) -> dict[str, Any]:
        """Return a valid body for the URL."""
        site = {"name": "Renamed", "time_zone": "Europe/Paris"}
        member = {"email": self.cast.outsider.email, "role": "viewer", "typed": self.cast.site.name}
        if "<" in route:
            site["site"] = str(self.cast.site.uuid)
        note = {"kind": "moved", "text": "Two metres higher", "start": "2026-11-20T06:00"}
        if "/notes/" in route:
            return note | ({"start": f"{note['start']}Z"} if route.startswith("api/") else {})
        if route.endswith("/send-on/"):
            return {"network": "wow", "account": {"site": "917006001", "key": "123456"}}
        if "/send-on/<uuid" in route:
            return {"is_on": False}
        if "/replay/" in route:
            return {"since": "2026-11-20T06:00:00Z"}
        return {**site, **member, "label": "x", "scope": "read", "life": "30", "units": "us", "to": "paused"}

    def secrets_of_the_site(self) -> list[str]:
        """Return the texts that others must not see anywhere."""
        site, sensor, people = self.cast.site, self.cast.sensor, (self.cast.owner, self.cast.editor, self.cast.member)
        named = [
            site.name,
            sensor.name,
            self.saved.name,
            str(site.uuid),
            str(sensor.uuid),
            self.key.prefix,
            str(WORDS),
            self.alert.note,
            self.note.text,
            self.delivery.webhook.name,
            self.delivery.webhook.url,
            self.destination.account["url"],
        ]
        return [*named, *(one.email for one in people), *(str(one.uuid) for one in people)]


@pytest.fixture
def world(cast: Cast, settings: Settings, tmp_path: Path) -> World:
    key = rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key
    token = issue_token(operator=cast.owner, label="owner's script", now=datetime.now(UTC)).token
    for sensor, value in ((cast.sensor, WORDS), (cast.other_sensor, 11)):
        store(sensor, [(NOW, {"temperature": value, "pressure": value})])
    cast.site.name, cast.sensor.name = "Quince Hill", "Quince mast"  # words that occur in no page by themselves
    cast.site.save()
    cast.sensor.save()
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    imported = FileImport.objects.create(sensor=cast.sensor, file_name="garden.csv", state=ImportState.DONE)
    spool.refused_of(imported.uuid).write_text("line,reason,detail\n")
    Poll.objects.create(sensor=cast.sensor, url="https://weather.example.org/", fields="temperature = $.t")
    start = NOW - timedelta(hours=2)
    exclusion = exclude(
        by=cast.owner, sensor=cast.sensor, start=start, end=start + timedelta(hours=1), reason="cleaning", now=NOW
    )
    invitation = invite(
        by=cast.owner, site=cast.site, email="guest@example.org", role=Role.EDITOR, now=datetime.now(UTC)
    )
    saved = SavedComparison.objects.create(
        site=cast.site, name="Quince frost", query=f"s={cast.sensor.uuid}:temperature", made_by=cast.owner, made_at=NOW
    )
    rule = make_rule(
        by=cast.owner, site=cast.site, now=NOW, quantity="temperature", condition="above", high=WORDS, note="Quince ice"
    )
    alert = Alert.objects.create(
        rule=rule, site=cast.site, sensor=cast.sensor, severity="critical", rule_was={"high": WORDS}, note=rule.note,
        began_at=NOW, fired_at=NOW, value=WORDS,
    )  # fmt: skip
    note = make_note(
        by=cast.owner, sensor=cast.sensor, starts_at=start, text="Quince shield, two metres higher", now=NOW
    )
    message, span = message_to(cast.owner), maintained(cast.site)
    subscription = ReportSubscription.objects.create(
        operator=cast.owner, sensor=cast.sensor, every=Every.WEEK, made_at=NOW
    )
    open_to_all, locked = (
        make_share(by=cast.owner, sensor=cast.sensor, name="Open", quantities=["humidity"], password=password, now=NOW)
        for password in ("", PASSWORD)
    )
    return World(
        *(cast, key, token, imported, exclusion, invitation, saved, alert, note, message, span, subscription),
        *(open_to_all, locked, paged(cast), delivered(cast), sent_on(cast), prepared(cast), announced(cast)),
        *(offered(cast), invited(cast)),
    )


def paged(cast: Cast) -> SiteShare:
    parts = [Part(cast.sensor, "Open", ["humidity"])]
    return share_site(by=cast.owner, site=cast.site, shown=Shown("Open", parts), now=NOW)


def prepared(cast: Cast) -> ExportJob:
    ordered = Ordered(of=ExportOf.READINGS, format="csv", sensors=[cast.sensor])
    return make_export(by=cast.owner, ordered=ordered, now=NOW)


def delivered(cast: Cast) -> Delivery:
    made = make_webhook(
        by=cast.owner,
        site=cast.site,
        now=NOW,
        name="Quince archive",
        url="https://quince.example.org/",
        events=["readings"],
    )
    return add_delivery(webhook=made.webhook, event="readings", now=NOW)


def sent_on(cast: Cast) -> Destination:
    account = {"url": "https://127.0.0.1:9/quince", "key": "sf_quincekey"}  # which this server does not ask
    return add_destination(by=cast.owner, sensor=cast.sensor, network="sensorfusion", account=account, now=NOW)


def invited(cast: Cast) -> SignUpInvitation:
    return invite_to_sign_up(by=cast.outsider, email="", valid_for=timedelta(days=1), now=datetime.now(UTC))


def offered(cast: Cast) -> SensorOffer:
    return offer(by=cast.owner, sensor=cast.sensor, email="guest@example.org", now=datetime.now(UTC))


def announced(cast: Cast) -> Announcement:
    now = datetime.now(UTC)
    return Announcement.objects.create(
        text="Wait", made_by=cast.outsider, made_at=now, ends_at=now + timedelta(hours=1)
    )


def message_to(operator: Operator) -> AlertMessage:
    channel = AlertChannel.objects.create(
        operator=operator, kind="ntfy", address="https://ntfy.example.org/quince", made_at=NOW
    )
    return AlertMessage.objects.create(
        operator=operator, channel=channel, created_at=NOW, expires_at=NOW, next_attempt_at=NOW, given_up_at=NOW
    )


def maintained(site: Site) -> Maintenance:
    now = datetime.now(UTC)
    return Maintenance.objects.create(site=site, starts_at=now, ends_at=now + timedelta(hours=1))


def patterns(below: list[Any], beginning: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in below:
        route = beginning + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        else:
            yield route, each


def ours() -> dict[str, URLPattern]:
    every = patterns(get_resolver().url_patterns)
    return {route: pattern for route, pattern in every if not route.startswith(DJANGO_ADMIN)}


def ask(client: Client, world: World, route: str, method: str) -> HttpResponse:
    """Send a request, and roll back its changes."""
    is_api = route.startswith("api/")
    given = {"data": world.body(route), **({"content_type": "application/json"} if is_api else {})}
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method.lower())(world.path(route), **({} if method == "GET" else given))
        transaction.set_rollback(True)
    let_go(answer)
    return answer


def everywhere() -> Iterator[tuple[str, str, str]]:
    for route, methods in ADDRESSES.items():
        for method, kind in methods.items():
            yield route, method, kind


def signed_in(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def test_every_address_is_in_the_table() -> None:
    assert ADDRESSES.keys() | BY_TOKEN | NOTHING_THERE == ours().keys()


def test_every_method_of_the_api_is_in_the_table() -> None:
    for route, pattern in ours().items():
        view = getattr(pattern.callback, "cls", None)
        if view is not None:
            answered = {name.upper() for name in view.http_method_names if hasattr(view, name)} - {"OPTIONS"}
            assert answered == ADDRESSES[route].keys(), route


def test_every_route_beside_django_is_known() -> None:
    routers = {protocol: application.application_mapping[protocol] for protocol in BESIDE}
    within = {protocol: getattr(router, "application", router) for protocol, router in routers.items()}

    assert {name: [str(route.pattern) for route in router.routes] for name, router in within.items()} == BESIDE


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    wrong = {}
    for route, method, kind in everywhere():
        answer = ask(Client(), world, route, method)
        asked = answer.status_code == 401 or answer.headers.get("Location", "").startswith("/sign-in/")
        if asked == (kind == PUBLIC) and not (route in LEAD_TO_SIGN_IN and asked):
            wrong[method, route] = answer.status_code

    assert wrong == {}


def test_to_an_outsider_nothing_of_the_site_exists(world: World) -> None:
    client, wrong = signed_in(world.cast.outsider), {}
    for route, method, kind in everywhere():
        if "<str:token>" in route or "<str:page>" in route:
            continue  # a link that was given to them: tests/sharing/test_pages.py
        if route.startswith("account/announcements/"):
            continue  # of everyone, and only their browser remembers it
        if kind not in (PUBLIC, OWN) or "<" in route:
            answer = ask(client, world, route, method)
            if answer.status_code != 404:
                wrong[method, route] = answer.status_code

    assert wrong == {}


# What only the person has to whom it belongs, with their tests elsewhere.
_OF_ONE_PERSON = {
    "channels/<": "alerts/messages/test_pages.py",
    "messages/<": "alerts/messages/test_pages.py",
    "<uuid:subscription>": "documents/mailing/test_pages.py",
    "<uuid:export>": "readings/export/jobs/test_api.py readings/export/jobs/test_pages.py",
    "passkeys/<": "accounts/signing_in/test_pages.py",
    "sessions/<": "accounts/signing_in/test_sessions.py",
    "tokens/<": "test_nobody_ends_the_token_of_another",
    "consoles/<": "by network and console identity: sensors/consoles/test_pages.py",
    "invitations/<uuid:uuid>": "by address: sensors/invitations/test_pages.py",
    "<uuid:offer>": "by address: handover/test_pages.py, handover/test_api.py",
    "<token>": "a link that is sent: accounts/mailing/test_reset_pages.py, accounts/addresses/test_pages.py",
    "tv/state/": "of a screen: sharing/screens/test_pages.py",
}


def is_of_one_person(route: str) -> bool:
    return any(part in route for part in _OF_ONE_PERSON)


@pytest.mark.parametrize("who", MAY)
def test_a_role_opens_what_it_should_and_nothing_else(world: World, who: str) -> None:
    wrong = {}
    for route, method, kind in everywhere():
        if is_of_one_person(route) or (("remove" in route or "operator>" in route) and who == "editor"):
            continue  # only for the owner; and everyone may leave
        answer = ask(signed_in(getattr(world.cast, who)), world, route, method)
        expected = PASSED if kind in MAY[who] else (404,) if kind == ADMIN else (403,)
        if answer.status_code not in expected:
            wrong[method, route] = answer.status_code

    assert wrong == {}


@pytest.mark.parametrize("who", ["editor", "member", "outsider"])
def test_nobody_ends_the_token_of_another(world: World, who: str) -> None:
    client = signed_in(getattr(world.cast, who))

    assert ask(client, world, "account/tokens/<int:number>/end/", "POST").status_code == 404
    assert ask(client, world, "api/v1/auth/tokens/<int:pk>/", "DELETE").status_code == 404


def test_pages_take_only_the_methods_of_the_table(world: World) -> None:
    client = signed_in(world.cast.owner)
    for route, methods in ADDRESSES.items():
        if not route.startswith(("api/", "administration/")):  # those: tests/administration/test_access.py
            for method in {"GET", "POST"} - methods.keys():
                answer = ask(client, world, route, method)
                # A read-only page may ignore a POST, if it shows no more than before.
                # The address of a form leads a GET to the form's page (tests/web/checks/test_posted.py).
                assert answer.status_code in ((200, 405) if method == "POST" else (302,)), (method, route)


@pytest.mark.parametrize("who", ["owner", "editor", "member", "outsider"])
def test_the_admin_is_for_staff(world: World, who: str) -> None:
    client = signed_in(getattr(world.cast, who))
    for route, _ in patterns(get_resolver().url_patterns):
        if route.startswith(DJANGO_ADMIN) and route not in ("admin/login/", "admin/logout/", "admin/jsi18n/"):
            path = f"/{DJANGO_ADMIN}{route.removeprefix(DJANGO_ADMIN)}"
            path = path.replace("<path:object_id>", "1").replace("<id>", "1").replace("<path:content_type_id>", "1")
            path = path.replace("^(?P<app_label>auth|mail|accounts|sensors)/$", "sensors/").replace(
                "(?P<url>.*)$", "x/"
            )
            answer = client.get(path)
            assert answer.status_code == 302, path
            assert answer["Location"].startswith(("/admin/login/", "/sign-in/")), path


QUERIES = ("", "?search=Quince", "?site={site}", "?search=%00", "?ordering=last_seen", "?page_size=1000", "?r=year")


def test_no_list_or_page_of_an_outsider_names_anything_of_the_site(world: World) -> None:
    client, secrets = signed_in(world.cast.outsider), world.secrets_of_the_site()
    leaks: dict[tuple[str, str], int] = {}
    for route, methods in ADDRESSES.items():
        if "GET" in methods and "<" not in route:
            for query in QUERIES:
                path = world.path(route) + query.format(site=world.cast.site.uuid)
                answer = client.get(path)
                assert answer.status_code in (200, 302, 400, 404), path
                if answer.streaming:  # tests/readings/export/test_account_archive.py
                    let_go(answer)
                    continue
                text = answer.content.decode(errors="replace")  # a file may be binary
                leaks |= {(path, one): 1 for one in secrets if one in text and one not in path}

    assert leaks == {}


def test_what_is_refused_names_nothing_either(world: World) -> None:
    client, secrets = signed_in(world.cast.outsider), world.secrets_of_the_site()
    for route, method, _ in everywhere():
        if "<" in route:
            text = ask(client, world, route, method).content.decode(errors="replace")  # a picture is no text
            assert [one for one in secrets if one in text and one not in world.path(route)] == []


def test_a_sensor_moves_to_no_site_of_others(world: World) -> None:
    client, cast = signed_in(world.cast.outsider), world.cast
    site, sensor = cast.site, cast.other_sensor
    as_json: dict[str, Any] = {"content_type": "application/json"}

    moved = client.patch(f"/api/v1/sensors/{sensor.uuid}/", {"site": str(site.uuid)}, **as_json)
    made = client.post("/api/v1/sensors/", {"name": "Spy", "site": str(site.uuid)}, **as_json)
    form = {"name": "Harbour station", "site": site.pk, "transport": "http"}
    client.post(f"/sensors/{sensor.uuid}/settings/", form)
    client.post("/sensors/new/", {"name": "Spy", "site": str(site.uuid)})

    assert (moved.status_code, made.status_code) == (400, 400)
    assert list(Sensor.objects.filter(site=site)) == [cast.sensor]
    assert Site.objects.count() == 2


def test_a_token_that_may_only_read_writes_nowhere(world: World) -> None:
    issued = issue_token(operator=world.cast.owner, label="", now=datetime.now(UTC), scope="read")  # type: ignore[arg-type]
    client = Client(headers={"Authorization": f"Bearer {issued.text}"})
    for route, method, kind in everywhere():
        if route.startswith("api/v1/") and method != "GET" and kind != PUBLIC:
            assert ask(client, world, route, method).status_code == 403, (method, route)


def test_a_token_opens_no_page(world: World) -> None:
    issued = issue_token(operator=world.cast.owner, label="", now=datetime.now(UTC))
    client = Client(headers={"Authorization": f"Bearer {issued.text}"})

    assert client.get("/").status_code == 302


def test_who_was_removed_sees_nothing_any_more(world: World) -> None:
    client = signed_in(world.cast.member)
    world.cast.site.memberships.filter(operator=world.cast.member).delete()
    for route, method, kind in everywhere():
        if kind in (READ, EDIT, OWNER):
            assert ask(client, world, route, method).status_code == 404, (method, route)


def test_a_closed_account_is_signed_out_everywhere(world: World) -> None:
    issued = issue_token(operator=world.cast.owner, label="", now=datetime.now(UTC))
    page, program = signed_in(world.cast.owner), Client(headers={"Authorization": f"Bearer {issued.text}"})
    Operator.objects.filter(pk=world.cast.owner.pk).update(is_active=False)
    credentials = {"email": world.cast.owner.email, "password": PASSWORD}

    again = Client().post("/api/v1/auth/login/", credentials, content_type="application/json")

    assert page.get("/").status_code == 302
    assert program.get("/api/v1/sites/").status_code == 401
    assert again.status_code == 401

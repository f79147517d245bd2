"""Every service that changes rights or secrets writes the audit log; a new service fails here until it is listed."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, RequestFactory

from sensorfusion.accounts import services as accounts
from sensorfusion.accounts.addresses import changes, proof
from sensorfusion.accounts.addresses.links import Step
from sensorfusion.accounts.addresses.models import AddressChange
from sensorfusion.accounts.administration import services as administration
from sensorfusion.accounts.administration.models import Announcement, Feature
from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.audit.origin import COMMAND_LINE
from sensorfusion.accounts.mailing.resets import compose_reset
from sensorfusion.accounts.models import Invitation, Membership, Operator, Role
from sensorfusion.accounts.signing_in import factors, records, sessions
from sensorfusion.accounts.signing_up import invitations as signing_up
from sensorfusion.accounts.signing_up import pending, set_up
from sensorfusion.accounts.signing_up.models import PendingAccount, SignUpInvitation
from sensorfusion.alerts import services as alerts
from sensorfusion.alerts.models import Alert
from sensorfusion.domain.refusals import Refusal
from sensorfusion.explore import services as explore
from sensorfusion.handover import services as handover
from sensorfusion.readings.exclusions import services as exclusions
from sensorfusion.readings.export.jobs.services import Ordered, make_export
from sensorfusion.readings.models import ExportJob, ExportOf, Note
from sensorfusion.readings.notes import services as notes
from sensorfusion.send_on import services as send_on
from sensorfusion.sensors import services as sensors
from sensorfusion.sensors.consoles import services as consoles
from sensorfusion.sensors.consoles.tries import count_claim
from sensorfusion.sensors.keys.made_by import revoke_keys_of
from sensorfusion.sensors.keys.secrets import console_digest
from sensorfusion.sensors.models import SensorOffer, UnclaimedConsole
from sensorfusion.sensors.provisioning import services as provisioning
from sensorfusion.sensors.signing_up import services as new_accounts
from sensorfusion.sensors.sites import invitations, membership
from sensorfusion.sensors.transfer import offers
from sensorfusion.sharing import services as sharing
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.screens import services as screens
from sensorfusion.sharing.sites import publishing
from sensorfusion.sharing.sites import services as site_sharing
from sensorfusion.webhooks import services as webhooks
from sensorfusion.webhooks.models import Delivery
from tests.clients import NOW, let_go
from tests.conftest import PASSWORD, Cast

PACKAGE: Final = Path(__file__).parents[2] / "sensorfusion"
APPS: Final = (
    *(
        "accounts",
        "sensors",
        "readings",
        "explore",
        "alerts",
        "sharing",
        "documents",
        "webhooks",
        "send_on",
        "handover",
    ),
)
# Pages, views and commands change things by services; the admin has its own tests (tests/sensors/test_admin.py).
_EDGE: Final = re.compile(r".*(pages|api|admin)\.py|.*/(management|migrations)/.*")
_WRITES: Final = {"create", "bulk_create", "get_or_create", "update_or_create", "save", "delete", "update", "atomic"}

NEW_PASSWORD: Final = "a fresh horse battery"
PASSKEY: Final = "34271334ED1FADA6D8B988B14267E55D"

Done = list[tuple[str, Operator | None]]


def of_member(cast: Cast) -> Membership:
    return Membership.objects.get(operator=cast.member, site=cast.site)


def invited(cast: Cast) -> Invitation:
    return invitations.invite(by=cast.owner, site=cast.site, email=cast.outsider.email, role=Role.VIEWER, now=NOW)


def browser(operator: Operator) -> HttpRequest:
    request = RequestFactory().post("/")
    request.session, request.user = SessionStore(), operator
    return request


def announced(cast: Cast) -> Announcement:
    ends_at = NOW + timedelta(hours=1)
    return administration.make_announcement(by=cast.owner, text="We move.", ends_at=ends_at, now=NOW)


def to_sign_up(cast: Cast) -> SignUpInvitation:
    return signing_up.invite(by=cast.owner, email="new@example.org", valid_for=timedelta(days=1), now=NOW)


def signed_up(cast: Cast) -> None:
    link = signing_up.link_of(to_sign_up(cast)).rstrip("/").rpartition("/")[2]
    new_accounts.sign_up(email="new@example.org", password=NEW_PASSWORD, invitation=link, now=NOW)


def confirmed(cast: Cast) -> None:
    pending.ask(email="new@example.org", password=NEW_PASSWORD, name="", time_zone="UTC", invitation=None, now=NOW)
    new_accounts.confirm(asked=PendingAccount.objects.get(), password=NEW_PASSWORD, now=NOW)


def set_up_first(cast: Cast) -> None:
    Operator.objects.all().delete()
    code = set_up.new_code(now=NOW)
    new_accounts.set_up_installation(
        code=code, email="new@example.org", password=NEW_PASSWORD, name="", time_zone="UTC", now=NOW
    )


def offered(cast: Cast) -> SensorOffer:
    return offers.offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=NOW)


def token(cast: Cast) -> accounts.IssuedToken:
    return accounts.issue_token(operator=cast.owner, label="script", now=NOW)


def a_factor(cast: Cast) -> Authenticator:
    return Authenticator.objects.create(user=cast.owner, type="totp", data={})


def a_session(cast: Cast) -> UserSession:
    return UserSession.objects.create(user=cast.owner, ip="192.0.2.1", session_key="x", user_agent="")


def in_session(operator: Operator) -> HttpRequest:
    request = browser(operator)
    request.session.create()
    return request


def new_key(cast: Cast) -> sensors.IssuedKey:
    return sensors.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW)


def provisioned(cast: Cast) -> sensors.IssuedKey:
    opened = provisioning.switch_on(by=cast.owner, site=cast.site, now=NOW)
    return provisioning.provision(key=opened.provisioning.key, secret=opened.secret, name="Buoy", now=NOW)


def claimed(cast: Cast) -> Any:
    Operator.objects.exclude(pk=cast.owner.pk).update(is_active=False)  # who is alone may claim any console
    seen = UnclaimedConsole.objects.create(
        digest=console_digest(f"PASSKEY {PASSKEY}"),
        shows="PASSKEY",
        ending="E55D",
        door="ecowitt",
        network="203.0.113.7",
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    counted = count_claim(by=cast.owner, address="203.0.113.7", now=NOW)
    return consoles.claim(
        by=cast.owner, number=seen.pk, sensor=cast.sensor, address="203.0.113.7", ending="", counted=counted, now=NOW
    )


def bound(cast: Cast) -> Any:
    return consoles.register_passkey(by=cast.owner, sensor=cast.sensor, passkey=PASSKEY, address="203.0.113.7", now=NOW)


def identified(cast: Cast) -> Any:
    return consoles.register_identity(
        by=cast.owner, sensor=cast.sensor, identity="KX1", password=NEW_PASSWORD, address="203.0.113.7", now=NOW
    )


def moved(cast: Cast) -> Any:
    Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.EDITOR)
    return sensors.update_sensor(by=cast.owner, sensor=cast.sensor, site=cast.other_site)


def a_change(cast: Cast) -> AddressChange:
    given = {"before": cast.owner.email, "email": "new@example.org", "asked_at": NOW}
    return AddressChange.objects.get_or_create(operator=cast.owner, defaults=given)[0]


def alone(cast: Cast) -> Any:
    return sensors.close_account(operator=cast.outsider, password=PASSWORD)


def saved(cast: Cast) -> Any:
    return explore.save_comparison(by=cast.owner, site=cast.site, name="Frost", query="s=x", now=NOW)


def ruled(cast: Cast) -> Any:
    return alerts.make_rule(by=cast.owner, site=cast.site, now=NOW, quantity="temperature", condition="above", high=3.0)


def on_screen(cast: Cast) -> sharing.IssuedShare:
    code = screens.show_code(secret=NEW_PASSWORD, now=NOW).code
    return screens.open_screen(
        by=cast.owner, code=code, sensor=cast.sensor, name="Air", quantities=["temperature"], now=NOW
    )


def linked(cast: Cast) -> sharing.IssuedShare:
    return sharing.make_share(
        by=cast.owner, sensor=cast.sensor, name="Air", quantities=["temperature"], password=NEW_PASSWORD, now=NOW
    )


def published(cast: Cast) -> SiteShare:
    return publishing.make_public(
        by=cast.owner, sensor=cast.sensor, name="Garden", quantities=["temperature"], slug="garden", now=NOW
    )


def paged(cast: Cast) -> SiteShare:
    parts = [site_sharing.Part(cast.sensor, "Air", ["temperature"])]
    shown = site_sharing.Shown("Garden", parts, password=NEW_PASSWORD)
    return site_sharing.share_site(by=cast.owner, site=cast.site, shown=shown, now=NOW)


def page_on_screen(cast: Cast) -> None:
    code = screens.show_code(secret=NEW_PASSWORD, now=NOW).code
    shown = site_sharing.Shown("Garden", [site_sharing.Part(cast.sensor, "Air", ["temperature"])])
    page = site_sharing.share_site(by=cast.owner, site=cast.site, shown=shown, now=NOW)
    screens.open_page_on_screen(by=cast.owner, code=code, page=page, now=NOW)


def prepared(cast: Cast) -> ExportJob:
    ordered = Ordered(of=ExportOf.READINGS, format="csv", sensors=[cast.sensor])
    return make_export(by=cast.member, ordered=ordered, now=NOW)


def hooked(cast: Cast) -> webhooks.IssuedWebhook:
    url = f"https://example.org/{NEW_PASSWORD.replace(' ', '-')}"
    return webhooks.make_webhook(by=cast.owner, site=cast.site, now=NOW, name="Archive", url=url, events=["readings"])


def sent_on(cast: Cast) -> Any:
    account = {"station": "KTEST1", "key": NEW_PASSWORD.replace(" ", "-")}
    return send_on.add_destination(by=cast.editor, sensor=cast.sensor, network="wunderground", account=account, now=NOW)


def fired(cast: Cast) -> Any:
    return Alert.objects.create(
        site=cast.site, sensor=cast.sensor, severity="info", rule_was={}, began_at=NOW, fired_at=NOW
    )


def noted(cast: Cast) -> Note:
    return notes.make_note(by=cast.owner, sensor=cast.sensor, starts_at=NOW, text="Two metres higher", now=NOW)


# What each writes at the least, and by whom; the calls return what they issued.
RECORDED: Final[dict[str, tuple[set[Action], str, Callable[[Cast], Any]]]] = {
    "explore.services.save_comparison": ({Action.COMPARISON_SAVED}, "owner", saved),
    "explore.services.delete_comparison": (
        {Action.COMPARISON_DELETED}, "owner",
        lambda cast: explore.delete_comparison(by=cast.owner, comparison=saved(cast)),
    ),
    "readings.notes.services.make_note": ({Action.NOTE_MADE}, "owner", noted),
    "readings.notes.services.change_note": (
        {Action.NOTE_CHANGED}, "owner",
        lambda cast: notes.change_note(by=cast.owner, note=noted(cast), now=NOW, text="Three metres higher"),
    ),
    "readings.notes.services.delete_note": (
        {Action.NOTE_DELETED}, "owner", lambda cast: notes.delete_note(by=cast.owner, note=noted(cast))
    ),
    "sharing.services.make_share": ({Action.SHARE_MADE}, "owner", linked),
    "sharing.services.end_share": (
        {Action.SHARE_ENDED}, "owner", lambda cast: sharing.end_share(by=cast.owner, share=linked(cast).share)
    ),
    "sharing.services.change_share": (
        {Action.SHARE_MADE, Action.SHARE_CHANGED}, "owner",
        lambda cast: sharing.change_share(by=cast.owner, share=linked(cast).share, now=NOW, name="Garden"),
    ),
    "sharing.screens.services.open_screen": ({Action.SHARE_MADE}, "owner", on_screen),
    "sharing.screens.services.open_page_on_screen": (
        {Action.SHARE_MADE, Action.SHARE_CHANGED}, "owner", page_on_screen
    ),
    "sharing.sites.publishing.make_public": ({Action.SHARE_MADE}, "owner", published),
    "sharing.sites.publishing.end_public": (
        {Action.SHARE_MADE, Action.SHARE_ENDED}, "owner",
        lambda cast: (published(cast), publishing.end_public(by=cast.owner, sensor=cast.sensor, now=NOW)),
    ),
    "sharing.sites.services.share_site": ({Action.SHARE_MADE}, "owner", paged),
    "sharing.sites.services.end_page": (
        {Action.SHARE_MADE, Action.SHARE_ENDED}, "owner",
        lambda cast: site_sharing.end_page(by=cast.owner, page=paged(cast)),
    ),
    "send_on.services.add_destination": ({Action.SEND_ON_ADDED}, "editor", sent_on),
    "send_on.services.change_destination": (
        {Action.SEND_ON_ADDED, Action.SEND_ON_CHANGED}, "editor",
        lambda cast: send_on.change_destination(by=cast.editor, destination=sent_on(cast), now=NOW, is_on=False),
    ),
    "send_on.services.remove_destination": (
        {Action.SEND_ON_ADDED, Action.SEND_ON_REMOVED}, "editor",
        lambda cast: send_on.remove_destination(by=cast.editor, destination=sent_on(cast)),
    ),
    "webhooks.services.make_webhook": ({Action.WEBHOOK_MADE}, "owner", hooked),
    "webhooks.services.change_webhook": (
        {Action.WEBHOOK_CHANGED}, "owner",
        lambda cast: webhooks.change_webhook(by=cast.owner, webhook=hooked(cast).webhook, now=NOW, is_on=False),
    ),
    "webhooks.services.rotate_secret": (
        {Action.WEBHOOK_ROTATED}, "owner",
        lambda cast: webhooks.rotate_secret(by=cast.owner, webhook=hooked(cast).webhook, now=NOW),
    ),
    "webhooks.services.delete_webhook": (
        {Action.WEBHOOK_DELETED}, "owner",
        lambda cast: webhooks.delete_webhook(by=cast.owner, webhook=hooked(cast).webhook),
    ),
    "webhooks.services.replay": (
        {Action.WEBHOOK_REPLAYED}, "owner",
        lambda cast: webhooks.replay(
            by=cast.owner, webhook=hooked(cast).webhook, deliveries=Delivery.objects.all(), now=NOW
        ),
    ),
    "alerts.services.make_rule": ({Action.RULE_MADE}, "owner", ruled),
    "alerts.services.change_rule": (
        {Action.RULE_CHANGED}, "owner",
        lambda cast: alerts.change_rule(by=cast.owner, rule=ruled(cast), now=NOW, high=4.0),
    ),
    "alerts.services.delete_rule": (
        {Action.RULE_DELETED}, "owner", lambda cast: alerts.delete_rule(by=cast.owner, rule=ruled(cast), now=NOW)
    ),
    "alerts.services.acknowledge": (
        {Action.ALERT_ACKNOWLEDGED}, "owner",
        lambda cast: alerts.acknowledge(by=cast.owner, alert=fired(cast), now=NOW),
    ),
    "alerts.services.snooze": (
        {Action.ALERT_SNOOZED}, "owner",
        lambda cast: alerts.snooze(by=cast.owner, alert=fired(cast), until=NOW + timedelta(hours=1), now=NOW),
    ),
    "alerts.services.let_viewers_acknowledge": (
        {Action.ALERT_RIGHTS_CHANGED}, "owner",
        lambda cast: alerts.let_viewers_acknowledge(by=cast.owner, site=cast.site, allowed=True),
    ),
    "accounts.administration.services.switch_feature": (
        {Action.FEATURE_SWITCHED}, "owner",
        lambda cast: administration.switch_feature(by=cast.owner, feature=Feature.WEBHOOKS, is_on=False, now=NOW),
    ),
    "accounts.administration.services.make_announcement": (
        {Action.ANNOUNCED}, "owner", lambda cast: bool(announced(cast)),  # its text is for everyone
    ),
    "accounts.administration.services.end_announcement": (
        {Action.ANNOUNCED, Action.ANNOUNCEMENT_ENDED}, "owner",
        lambda cast: administration.end_announcement(by=cast.owner, announcement=announced(cast), now=NOW),
    ),
    "accounts.signing_up.invitations.invite": (
        {Action.SIGNUP_INVITED}, "owner", lambda cast: bool(to_sign_up(cast)),
    ),
    "accounts.signing_up.invitations.revoke": (
        {Action.SIGNUP_INVITATION_ENDED}, "owner",
        lambda cast: signing_up.revoke(by=cast.owner, invitation=to_sign_up(cast)),
    ),
    "accounts.signing_up.invitations.use": (
        {Action.SIGNUP_INVITATION_USED}, "outsider",
        lambda cast: signing_up.use(to_sign_up(cast), by=cast.outsider, now=NOW),
    ),
    "sensors.signing_up.services.sign_up": (
        {Action.ACCOUNT_CREATED, Action.SIGNUP_INVITATION_USED}, "new@example.org", signed_up,
    ),
    "sensors.signing_up.services.confirm": (
        {Action.ACCOUNT_CREATED, Action.EMAIL_CONFIRMED}, "new@example.org", confirmed,
    ),
    "sensors.signing_up.services.set_up_installation": (
        {Action.ACCOUNT_CREATED, Action.INSTALLATION_SET_UP}, "new@example.org", set_up_first,
    ),
    "sensors.transfer.offers.offer": ({Action.SENSOR_OFFERED}, "owner", lambda cast: bool(offered(cast))),
    "sensors.transfer.offers.withdraw": (
        {Action.SENSOR_OFFER_WITHDRAWN}, "owner",
        lambda cast: offers.withdraw(by=cast.owner, offer=offered(cast)),
    ),
    "sensors.transfer.offers.decline": (
        {Action.SENSOR_OFFER_DECLINED}, "outsider",
        lambda cast: offers.decline(operator=cast.outsider, offer=offered(cast), now=NOW),
    ),
    "sensors.services.hand_over": (
        {Action.SENSOR_MOVED_AWAY, Action.SENSOR_MOVED_HERE}, "outsider",
        lambda cast: bool(sensors.hand_over(to=cast.outsider, sensor=cast.sensor, site=cast.other_site)),
    ),
    "handover.services.accept": (
        {Action.SENSOR_MOVED_AWAY, Action.SENSOR_MOVED_HERE}, "outsider",
        lambda cast: bool(handover.accept(operator=cast.outsider, offer=offered(cast), site=cast.other_site, now=NOW)),
    ),
    "accounts.addresses.changes.change_email": (
        {Action.EMAIL_CHANGED}, "owner",
        lambda cast: changes.change_email(operator=cast.owner, email="new@example.org", password=PASSWORD, now=NOW),
    ),
    "accounts.addresses.changes.confirm": (
        {Action.EMAIL_CONFIRMED, Action.EMAIL_CHANGED}, "owner",
        lambda cast: [changes.confirm(change=a_change(cast), step=each, now=NOW) for each in (Step.BEFORE, Step.AFTER)],
    ),
    "accounts.addresses.changes.cancel": (
        {Action.EMAIL_CHANGE_ENDED}, "owner", lambda cast: (a_change(cast), changes.cancel(operator=cast.owner))
    ),
    "accounts.addresses.proof.prove": (
        {Action.EMAIL_CONFIRMED}, "owner", lambda cast: proof.prove(operator=cast.owner, now=NOW)
    ),
    "accounts.services.make_operator": (
        {Action.ACCOUNT_CREATED}, "new@example.org",
        lambda cast: accounts.make_operator(email="new@example.org", password=NEW_PASSWORD, name="", now=NOW),
    ),
    "accounts.services.sign_in": (
        {Action.SIGNED_IN}, "owner",
        lambda cast: accounts.sign_in(email=cast.owner.email, password=PASSWORD, now=NOW),
    ),
    "accounts.services.open_program_session": (
        {Action.SIGNED_IN}, "owner", lambda cast: accounts.open_program_session(operator=cast.owner, now=NOW)
    ),
    "accounts.services.open_session": (
        {Action.SIGNED_IN}, "owner",
        lambda cast: accounts.open_session(
            request=browser(cast.owner), operator=cast.owner, backend="django.contrib.auth.backends.ModelBackend"
        ),
    ),
    "accounts.services.issue_token": ({Action.TOKEN_MADE}, "owner", token),
    "accounts.services.end_token": (
        {Action.TOKEN_REVOKED}, "owner", lambda cast: accounts.end_token(token=token(cast).token)
    ),
    "accounts.services.end_session": (
        {Action.SIGNED_OUT}, "owner", lambda cast: accounts.end_session(request=browser(cast.owner))
    ),
    "accounts.services.change_password": (
        {Action.PASSWORD_CHANGED}, "owner",
        lambda cast: accounts.change_password(operator=cast.owner, current=PASSWORD, new=NEW_PASSWORD),
    ),
    "accounts.services.reset_password": (
        {Action.PASSWORD_RESET}, "owner",
        lambda cast: accounts.reset_password(operator=cast.owner, new=NEW_PASSWORD),
    ),
    "accounts.mailing.resets.compose_reset": (
        {Action.RESET_REQUESTED}, "owner", lambda cast: compose_reset(cast.owner.email, COMMAND_LINE)
    ),
    "accounts.signing_in.factors.remove_all": (
        {Action.FACTOR_REMOVED}, "owner", lambda cast: (a_factor(cast), factors.remove_all(cast.owner))
    ),
    "accounts.signing_in.records.added": (
        {Action.FACTOR_ADDED}, "owner", lambda cast: records.added(user=cast.owner, authenticator=a_factor(cast))
    ),
    "accounts.signing_in.records.removed": (
        {Action.FACTOR_REMOVED}, "owner", lambda cast: records.removed(user=cast.owner, authenticator=a_factor(cast))
    ),
    "accounts.signing_in.records.replaced": (
        {Action.CODES_MADE}, "owner", lambda cast: records.replaced(user=cast.owner, authenticator=a_factor(cast))
    ),
    "accounts.signing_in.sessions.end_one": (
        {Action.SESSION_ENDED}, "owner",
        lambda cast: sessions.end_one(operator=cast.owner, number=a_session(cast).pk),
    ),
    "accounts.signing_in.sessions.end_others": (
        {Action.SESSIONS_ENDED}, "owner",
        lambda cast: sessions.end_others(request=in_session(cast.owner), operator=cast.owner),
    ),
    "sensors.services.register": (
        {Action.ACCOUNT_CREATED, Action.SITE_CREATED}, "new@example.org",
        lambda cast: sensors.register(email="new@example.org", password=NEW_PASSWORD, now=NOW),
    ),
    "sensors.services.close_account": ({Action.ACCOUNT_CLOSED, Action.SITE_DELETED}, "outsider", alone),
    "sensors.services.create_site": (
        {Action.SITE_CREATED}, "owner", lambda cast: sensors.create_site(by=cast.owner, now=NOW, name="Hill")
    ),
    "sensors.services.delete_site": (
        {Action.SITE_DELETED}, "owner", lambda cast: sensors.delete_site(by=cast.owner, site=cast.site)
    ),
    "sensors.services.add_sensor": (
        {Action.KEY_MADE}, "owner",
        lambda cast: sensors.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Attic"),
    ),
    "sensors.services.register_sensor": (
        {Action.KEY_MADE}, "owner",
        lambda cast: sensors.register_sensor(by=cast.owner, site=cast.site, now=NOW, name="Attic"),
    ),
    "sensors.services.update_sensor": ({Action.SENSOR_MOVED_AWAY, Action.SENSOR_MOVED_HERE}, "owner", moved),
    "sensors.services.delete_sensor": (
        {Action.SENSOR_DELETED}, "editor", lambda cast: sensors.delete_sensor(by=cast.editor, sensor=cast.sensor)
    ),
    "sensors.services.rotate_key": ({Action.KEY_MADE}, "owner", new_key),
    "sensors.services.revoke_key": (
        {Action.KEY_REVOKED}, "editor",
        lambda cast: sensors.revoke_key(by=cast.editor, key=new_key(cast).key, now=NOW),
    ),
    "sensors.keys.made_by.revoke_keys_of": (
        {Action.KEY_REVOKED}, "editor",
        lambda cast: (new_key(cast), revoke_keys_of(cast.owner, by=cast.editor, site=cast.site, now=NOW)),
    ),
    "sensors.sites.invitations.invite": ({Action.MEMBER_INVITED}, "owner", invited),
    "sensors.sites.invitations.withdraw": (
        {Action.INVITATION_WITHDRAWN}, "owner",
        lambda cast: invitations.withdraw(by=cast.owner, invitation=invited(cast)),
    ),
    "sensors.sites.invitations.accept": (
        {Action.INVITATION_ACCEPTED}, "outsider",
        lambda cast: invitations.accept(operator=cast.outsider, invitation=invited(cast), now=NOW),
    ),
    "sensors.sites.invitations.decline": (
        {Action.INVITATION_DECLINED}, "outsider",
        lambda cast: invitations.decline(operator=cast.outsider, invitation=invited(cast), now=NOW),
    ),
    "sensors.sites.membership.change_role": (
        {Action.ROLE_CHANGED}, "owner",
        lambda cast: membership.change_role(by=cast.owner, membership=of_member(cast), role=Role.EDITOR),
    ),
    "sensors.sites.membership.remove_member": (
        {Action.MEMBER_REMOVED}, "owner",
        lambda cast: membership.remove_member(by=cast.owner, membership=of_member(cast), now=NOW),
    ),
    "sensors.provisioning.services.switch_on": (
        {Action.PROVISIONING_ON}, "owner",
        lambda cast: provisioning.switch_on(by=cast.owner, site=cast.site, now=NOW),
    ),
    "sensors.provisioning.services.switch_off": (
        {Action.PROVISIONING_OFF}, "owner", lambda cast: provisioning.switch_off(by=cast.owner, site=cast.site)
    ),
    "sensors.provisioning.services.provision": ({Action.KEY_MADE}, "", provisioned),
    "sensors.consoles.services.claim": ({Action.CONSOLE_BOUND}, "owner", claimed),
    "sensors.consoles.services.register_passkey": ({Action.CONSOLE_BOUND}, "owner", bound),
    "sensors.consoles.services.register_identity": ({Action.CONSOLE_BOUND}, "owner", identified),
    "sensors.consoles.services.release": (
        {Action.CONSOLE_RELEASED}, "owner", lambda cast: consoles.release(by=cast.owner, sensor=cast.sensor)
    ),
    "readings.export.jobs.services.make_export": ({Action.EXPORT_PREPARED}, "member", prepared),
    "readings.exclusions.services.delete_readings": (
        {Action.READINGS_DELETED}, "editor",
        lambda cast: exclusions.delete_readings(
            by=cast.editor, sensor=cast.sensor, start=NOW - timedelta(days=1), end=NOW, now=NOW
        ),
    ),
}  # fmt: skip

PARTS: Final = "a part of others, which record what they do"
OWN_WORK: Final = "counts or keeps what the platform does by itself"
SETTINGS: Final = "changes how readings are understood or shown; neither a right nor a secret of the platform"
RESTORABLE: Final = "can be restored, and is listed with its maker on the sensor's page"
OWN_MESSAGES: Final = "decides how one is told of alerts oneself; each message is on the page of messages"
OWN_REPORTS: Final = "decides which reports come to oneself; they are on a page of the account"
OWN_LINKS: Final = "sends a link to an address of one's own, which records what it confirms"
LISTED: Final = "is on the page of messages of everybody whom it concerns, and ends by itself"
UNRECORDED: Final = {
    "alerts.messages.maintenance.add_maintenance": LISTED,
    "alerts.services.forget_sensor": PARTS,
    "sharing.services.end_all": PARTS,
    "webhooks.services.leave_out": PARTS,
    "accounts.signing_up.pending.ask": "keeps what a person asks for about themselves; nothing is made before the link",
    "accounts.signing_up.pending.take": PARTS,
    "accounts.signing_up.set_up.new_code": OWN_WORK,
    "accounts.signing_up.set_up.take_code": PARTS,
    "alerts.messages.maintenance.end_maintenance": LISTED,
    "alerts.messages.repeats.repeat": OWN_WORK,
    "sharing.screens.services.show_code": OWN_WORK,
    "send_on.attempts.begun": OWN_WORK,
    "send_on.attempts.ended": OWN_WORK,
    "webhooks.planning.plan": OWN_WORK,
    "webhooks.planning.begin": PARTS,
    "send_on.planning.begin": PARTS,
    "webhooks.silence.judge": OWN_WORK,
    "webhooks.watching.watch": OWN_WORK,
    "webhooks.planning.add_delivery": PARTS,
    "alerts.messages.teller.tell": OWN_WORK,
    **dict.fromkeys((f"documents.mailing.services.{name}" for name in ("choose", "subscribe", "stop")), OWN_REPORTS),
    "documents.mailing.services.begin_with": OWN_WORK,
    "documents.mailing.chores.queue_due": OWN_WORK,
    "documents.mailing.chores.queue_report": OWN_WORK,
    **dict.fromkeys(
        (
            f"alerts.messages.services.{name}"
            for name in ("save_reader", "add_channel", "switch_channel", "test_channel", "send_again")
        ),
        OWN_MESSAGES,
    ),
    "alerts.messages.browsers.notify": OWN_MESSAGES,
    "alerts.messages.browsers.end": OWN_MESSAGES,
    "accounts.attempts.forgive": OWN_WORK,
    "accounts.attempts.rename_account": PARTS,
    "accounts.addresses.changes.send_again": OWN_LINKS,
    "accounts.addresses.proof.ask_for_proof": OWN_LINKS,
    "accounts.services.note_use": OWN_WORK,
    "accounts.signing_in.sessions.browsers_of": OWN_WORK,
    "accounts.idempotency.answers.keep": OWN_WORK,
    "accounts.services.update_profile": SETTINGS,
    "accounts.audit.services.record": PARTS,
    "accounts.mailing.services.set_muted": SETTINGS,
    "sensors.erasure.erase_site": PARTS,
    "sensors.erasure.erase_sensor": PARTS,
    "sensors.sites.membership.join": PARTS,
    "sensors.sites.membership.promote": PARTS,
    "sensors.consoles.services.set_reading": SETTINGS,
    "sensors.naming.services.set_fields": SETTINGS,
    "sensors.naming.services.restore_fields": SETTINGS,
    "sensors.naming.unknown_names.forget_unknown_names": SETTINGS,
    "sensors.notices.services.clear_notices": SETTINGS,
    "sensors.notices.services.clear_notices_of_site": SETTINGS,
    "sensors.notices.services.note": OWN_WORK,
    "sensors.polls.services.save_poll": SETTINGS,
    "sensors.polls.services.remove_poll": SETTINGS,
    "sensors.provisioning.attributes.set_shared": SETTINGS,
    "sensors.quality.services.set_checks": SETTINGS,
    "sensors.services.update_site": SETTINGS,
    "readings.storage.snapshots.snapshot": OWN_WORK,
    "readings.export.jobs.services.remove_export": "ends what is on the maker's own page, and recorded when it is made",
    "readings.exclusions.services.exclude": RESTORABLE,
    "readings.exclusions.services.restore": RESTORABLE,
}


def writing() -> set[str]:
    """Return the public functions of the apps that write by the ORM, also by private functions of their modules."""
    found = set()
    for app in APPS:
        for path in (PACKAGE / app).rglob("*.py"):
            name = path.relative_to(PACKAGE).as_posix()
            if not _EDGE.fullmatch(name):
                found |= {f"{name[:-3].replace('/', '.')}.{one}" for one in _writers(path.read_text())}
    return found


def _writers(source: str) -> Iterator[str]:
    functions = {each.name: each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef)}

    def writes(name: str, seen: frozenset[str] = frozenset()) -> bool:
        nodes = list(ast.walk(functions[name]))
        if {each.attr for each in nodes if isinstance(each, ast.Attribute)} & _WRITES:
            return True
        called = {each.id for each in nodes if isinstance(each, ast.Name)} & functions.keys() - seen - {name}
        return any(one.startswith("_") and writes(one, seen | {name}) for one in called)

    return (name for name in functions if not name.startswith("_") and writes(name))


def test_every_service_that_writes_is_listed() -> None:
    assert writing() == RECORDED.keys() | UNRECORDED.keys()


@pytest.mark.parametrize("name", RECORDED)
def test_what_changes_rights_or_secrets_is_recorded_without_them(cast: Cast, name: str) -> None:
    cache.clear()
    actions, who, call = RECORDED[name]

    issued = call(cast)

    by = f"{who}@example.org" if who and "@" not in who else who
    entries = AuditEntry.objects.all()
    assert {entry.action for entry in entries.filter(by=by, address=COMMAND_LINE)} >= actions
    secrets = [NEW_PASSWORD, PASSWORD, PASSKEY, PASSKEY[-4:], *map(str, _texts(issued))]
    told = " ".join(f"{entry.by} {entry.subject}" for entry in entries)
    assert [one for one in secrets if one in told] == []


def _texts(issued: Any) -> list[str]:
    """Return the secrets of what a service returned."""
    several = () if isinstance(issued, Note) else issued if isinstance(issued, tuple) else (issued,)
    return [getattr(one, name) for one in several for name in ("text", "secret") if hasattr(one, name)]


def test_every_action_is_recorded_somewhere() -> None:
    services = set().union(*(actions for actions, _, _ in RECORDED.values()))
    elsewhere = {
        Action.MEMBER_LEFT,  # tests/sensors/sites/test_membership.py
        Action.SITE_EXPORTED,  # below
        Action.ACCOUNT_EXPORTED,  # tests/readings/export/test_account_archive.py
        Action.EMAIL_CHANGE_ASKED,  # tests/accounts/addresses/test_changes.py
        Action.ACCOUNT_CHANGED,  # these: tests/sensors/test_admin.py
        Action.MEMBER_ADDED,
    }

    assert services | elsewhere == set(Action)


def test_what_is_rolled_back_is_not_recorded(cast: Cast) -> None:
    with pytest.raises(Refusal):  # after the account was created
        sensors.register(email="new@example.org", password=NEW_PASSWORD, time_zone="Mars/Olympus", now=NOW)

    assert not AuditEntry.objects.exists()


def test_an_exported_site_is_recorded_with_the_address(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    let_go(client.get(f"/sites/{cast.site.uuid}/archive.zip", REMOTE_ADDR="198.51.100.7"))

    [entry] = AuditEntry.objects.filter(action=Action.SITE_EXPORTED)
    assert (entry.operator, entry.site, entry.address) == (cast.owner, cast.site, "198.51.100.7")


def test_entries_outlive_the_account_and_the_site(cast: Cast) -> None:
    sensors.delete_sensor(by=cast.outsider, sensor=cast.other_sensor)

    sensors.close_account(operator=cast.outsider, password=PASSWORD)

    entries = AuditEntry.objects.order_by("id")
    assert [entry.action for entry in entries] == ["sensor_deleted", "site_deleted", "account_closed"]
    assert {(entry.by, entry.operator, entry.site) for entry in entries} == {("outsider@example.org", None, None)}

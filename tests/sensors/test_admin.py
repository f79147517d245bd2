from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from sensorfusion.accounts.addresses.proof import prove
from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import ApiToken, Membership, Operator
from sensorfusion.accounts.services import issue_token
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.readings.models import Reading
from sensorfusion.sensors import services
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Key, Sensor, Site
from tests.announced import announced
from tests.clients import NOW
from tests.conftest import Cast
from tests.mail.conftest import mail_settings  # noqa: F401 - a fixture
from tests.storing import store

LISTS = [
    "accounts_operator",
    "accounts_apitoken",
    "accounts_membership",
    "accounts_auditentry",
    "sensors_site",
    "sensors_sensor",
    "sensors_key",
]


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(Operator.objects.create_superuser("root@example.org", "the root of it all"))
    return client


@pytest.fixture
def issued(cast: Cast) -> services.IssuedKey:
    return services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW)


@pytest.mark.parametrize("name", LISTS)
def test_lists_can_be_seen_and_searched(admin: Client, issued: services.IssuedKey, name: str) -> None:
    issue_token(operator=issued.sensor.site.memberships.all()[0].operator, label="script", now=NOW)

    for query in ({}, {"q": "orchard"}, {"q": "nothing at all"}):
        assert admin.get(reverse(f"admin:{name}_changelist"), query).status_code == 200


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("admin:sensors_key_changelist", ["Ausgewählte Schlüssel widerrufen", "Standort"]),
        ("admin:sensors_sensor_changelist", ["Letzte Messung", "hinzufügen"]),
        ("admin:sensors_site_changelist", ["Mitglieder"]),
        ("admin:mail_outboxmessage_changelist", ["Nicht Zugestelltes erneut senden"]),
    ],
)
def test_lists_and_their_actions_are_in_the_reader_s_language(
    admin: Client, issued: services.IssuedKey, page: str, words: list[str]
) -> None:
    OutboxMessage.objects.create(kind="test", recipient="a@example.org", expires_at=NOW)  # actions need a row

    found = admin.get(reverse(page), headers={"Accept-Language": "de"}).content.decode()

    assert 'lang="de"' in found
    assert [each for each in words if each not in found] == []


def test_headings_and_questions_are_in_the_reader_s_language(admin: Client, cast: Cast) -> None:
    owner = reverse("admin:accounts_operator_change", args=[cast.owner.pk])
    sensor = reverse("admin:sensors_sensor_delete", args=[cast.sensor.pk])
    pages = [admin.get(each, headers={"Accept-Language": "de"}).content.decode() for each in (owner, sensor)]

    assert "Rechte" in pages[0]
    assert "Verlauf" in pages[0]
    assert f"{cast.sensor.name}, mit allen Messungen" in pages[1]


def last_entry() -> tuple[str, str]:
    entry = AuditEntry.objects.latest("id")
    return entry.action, entry.by


@pytest.mark.parametrize("who", ["owner", "member", "outsider"])
def test_operators_are_not_let_in(cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))

    assert client.get(reverse("admin:sensors_sensor_changelist")).status_code == 302


@pytest.mark.parametrize("model", [Operator, Membership, Site, Sensor, Key, ApiToken])
def test_every_page_of_one_opens(admin: Client, issued: services.IssuedKey, cast: Cast, model: type) -> None:
    issue_token(operator=cast.owner, label="script", now=NOW)
    one = model._default_manager.first()  # type: ignore[attr-defined]
    address = f"admin:{one._meta.app_label}_{one._meta.model_name}"

    assert admin.get(reverse(f"{address}_change", args=[one.pk])).status_code == 200
    assert admin.get(reverse(f"{address}_delete", args=[one.pk])).status_code == 200


def test_keys_and_tokens_are_shown_without_their_secrets(admin: Client, issued: services.IssuedKey, cast: Cast) -> None:
    token = issue_token(operator=cast.owner, label="script", now=NOW)
    pages = [
        admin.get(reverse("admin:sensors_key_changelist")),
        admin.get(reverse("admin:sensors_key_change", args=[issued.key.pk])),
        admin.get(reverse("admin:accounts_apitoken_changelist")),
        admin.get(reverse("admin:accounts_apitoken_change", args=[token.token.pk])),
    ]

    shown = " ".join(page.content.decode() for page in pages)
    assert issued.key.prefix in shown
    for secret in (issued.text, token.text):
        assert secret not in shown
        assert digest(secret).hex() not in shown
        assert str(digest(secret)) not in shown


@pytest.mark.parametrize("name", ["sensors_key", "accounts_apitoken"])
def test_secrets_are_not_made_here(admin: Client, name: str) -> None:
    assert admin.get(reverse(f"admin:{name}_add")).status_code == 403


def delete(address: str, pk: int) -> Callable[[Client], None]:
    def ask(admin: Client) -> None:
        assert admin.post(reverse(f"admin:{address}_delete", args=[pk]), {"post": "yes"}).status_code == 302

    return ask


def test_removed_membership_is_announced(admin: Client, cast: Cast) -> None:
    membership = Membership.objects.get(operator=cast.member)

    with announced() as heard:
        delete("accounts_membership", membership.pk)(admin)

    assert heard == [("AccessChanged", {"operator": cast.member.pk})]


@pytest.mark.usefixtures("mail_settings")
def test_owners_are_told_of_a_member_who_is_added_and_members_of_their_end(admin: Client, cast: Cast) -> None:
    form = {"operator": cast.outsider.pk, "site": cast.site.pk, "role": "viewer", "since_0": "2026-11-20"}
    answer = admin.post(reverse("admin:accounts_membership_add"), {**form, "since_1": "12:00"})
    assert answer.status_code == 302
    told = [(row.recipient, row.subject) for row in OutboxMessage.objects.order_by("id")]

    delete("accounts_membership", Membership.objects.get(operator=cast.outsider, site=cast.site).pk)(admin)

    assert told == [("owner@example.org", "A new member of your site")]
    *_, last = OutboxMessage.objects.order_by("id")
    assert (last.recipient, last.subject) == ("outsider@example.org", "You are no longer a member of a site")


def test_account_that_is_switched_off_is_announced(admin: Client, cast: Cast) -> None:
    form = {"email": "member@example.org", "name": "Member", "units": "metric", "clock": "24", "week_begins": "monday"}

    with announced() as heard:
        answer = admin.post(reverse("admin:accounts_operator_change", args=[cast.member.pk]), form)

    assert answer.status_code == 302
    cast.member.refresh_from_db()
    assert not cast.member.is_active
    assert last_entry() == (Action.ACCOUNT_CHANGED, "root@example.org")
    assert heard == [("AccessChanged", {"operator": cast.member.pk})]


def test_operator_is_made_with_a_password(admin: Client) -> None:
    form = {
        "email": "ada@example.org",
        "name": "Ada",
        "usable_password": "true",
        "password1": "analytical engine",
        "password2": "analytical engine",
    }

    assert admin.post(reverse("admin:accounts_operator_add"), form).status_code == 302
    assert Operator.objects.get(email="ada@example.org").check_password("analytical engine")
    assert last_entry() == (Action.ACCOUNT_CREATED, "root@example.org")
    assert Operator.objects.get(email="ada@example.org").is_trusted


def test_address_that_an_administrator_enters_is_vouched_for(admin: Client, cast: Cast) -> None:
    prove(operator=cast.member, now=NOW)
    form = {"email": "new@example.org", "units": "metric", "clock": "24", "week_begins": "monday", "is_active": "on"}

    admin.post(reverse("admin:accounts_operator_change", args=[cast.member.pk]), form)

    cast.member.refresh_from_db()
    assert (cast.member.email, cast.member.is_trusted, cast.member.is_proved) == ("new@example.org", True, False)


def test_deleted_sensor_is_announced_and_takes_its_readings_along(admin: Client, cast: Cast) -> None:
    store(cast.sensor, [(NOW, {"temperature": 1.0})])

    with announced() as heard:
        delete("sensors_sensor", cast.sensor.pk)(admin)

    assert [kind for kind, _ in heard] == ["SensorChanged", "KeyChanged"]
    assert last_entry() == (Action.SENSOR_DELETED, "root@example.org")
    assert not Reading.objects.exists()


def test_readings_are_not_listed_before_they_are_deleted(admin: Client, cast: Cast) -> None:
    store(cast.sensor, [(NOW, {"temperature": 1.0})])

    with announced():
        page = admin.get(reverse("admin:sensors_site_delete", args=[cast.site.pk])).content.decode()

    assert "with all readings" in page
    assert "2026-11-22" not in page


def test_several_sites_are_deleted_at_once(admin: Client, cast: Cast) -> None:
    form = {"action": "delete_selected", "_selected_action": [cast.site.pk, cast.other_site.pk], "post": "yes"}

    with announced() as heard:
        admin.post(reverse("admin:sensors_site_changelist"), form)

    assert not Site.objects.exists()
    told = {fields["operator"] for kind, fields in heard if kind == "AccessChanged"}
    assert told == {cast.owner.pk, cast.editor.pk, cast.member.pk, cast.outsider.pk}
    assert AuditEntry.objects.filter(action=Action.SITE_DELETED, by="root@example.org").count() == 2


def test_keys_are_revoked_and_announced(admin: Client, issued: services.IssuedKey) -> None:
    form = {"action": "revoke", "_selected_action": [issued.key.pk]}

    with announced() as heard:
        admin.post(reverse("admin:sensors_key_changelist"), form)

    assert Key.objects.get().revoked_at is not None
    assert heard == [("KeyChanged", {"sensor": issued.sensor.pk})]
    assert last_entry() == (Action.KEY_REVOKED, "root@example.org")


def test_changed_sensor_is_announced(admin: Client, cast: Cast) -> None:
    form = {"name": "Renamed", "transport": "http", "status": "paused"}

    with announced() as heard:
        answer = admin.post(reverse("admin:sensors_sensor_change", args=[cast.sensor.pk]), form)

    assert answer.status_code == 302
    cast.sensor.refresh_from_db()
    assert (cast.sensor.name, cast.sensor.status) == ("Renamed", "paused")
    assert [kind for kind, _ in heard] == ["SensorChanged", "KeyChanged"]


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("what", ["operator", "apitoken", "membership", "key"])
def test_whatever_ends_a_right_here_is_announced(admin: Client, cast: Cast, what: str, at_once: bool) -> None:
    made: dict[str, Callable[[], tuple[Model, tuple[str, dict[str, int]]]]] = {
        "operator": lambda: (cast.member, ("AccessChanged", {"operator": cast.member.pk})),
        "apitoken": lambda: (
            issue_token(operator=cast.member, label="", now=NOW).token,
            ("AccessChanged", {"operator": cast.member.pk}),
        ),
        "membership": lambda: (
            Membership.objects.get(operator=cast.member),
            ("AccessChanged", {"operator": cast.member.pk}),
        ),
        "key": lambda: (
            services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key,
            ("KeyChanged", {"sensor": cast.sensor.pk}),
        ),
    }
    recorded = {
        "operator": Action.ACCOUNT_CLOSED,
        "apitoken": Action.TOKEN_REVOKED,
        "membership": Action.MEMBER_REMOVED,
        "key": Action.KEY_REVOKED,
    }
    one, event = made[what]()
    address = f"{one._meta.app_label}_{one._meta.model_name}"

    with announced() as heard:
        if at_once:
            form = {"action": "delete_selected", "_selected_action": [one.pk], "post": "yes"}
            admin.post(reverse(f"admin:{address}_changelist"), form)
        else:
            delete(address, one.pk)(admin)

    assert heard == [event]
    assert last_entry() == (recorded[what], "root@example.org")
    assert not type(one)._default_manager.filter(pk=one.pk).exists()


def change_site(admin: Client, cast: Cast, time_zone: str) -> Any:
    members = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    form = {"name": "Old orchard", "time_zone": time_zone, "day_starts_h": "9", **members}
    return admin.post(reverse("admin:sensors_site_change", args=[cast.site.pk]), form)


def test_time_zone_that_does_not_exist_is_refused_here_too(admin: Client, cast: Cast) -> None:
    answer = change_site(admin, cast, "Mars/Olympus")

    assert "There is no such time zone." in answer.content.decode()
    cast.site.refresh_from_db()
    assert cast.site.time_zone == "Europe/Warsaw"


def test_changed_site_is_announced_for_its_sensors(admin: Client, cast: Cast) -> None:
    with announced() as heard:
        answer = change_site(admin, cast, "UTC")

    assert answer.status_code == 302
    assert heard[0] == ("SensorChanged", {"sensor": cast.sensor.pk, "site": cast.site.pk})


def test_changed_role_is_announced(admin: Client, cast: Cast) -> None:
    membership = Membership.objects.get(operator=cast.member)

    with announced() as heard:
        admin.post(reverse("admin:accounts_membership_change", args=[membership.pk]), {"role": "editor"})

    membership.refresh_from_db()
    assert membership.role == "editor"
    assert last_entry() == (Action.ROLE_CHANGED, "root@example.org")
    assert heard == [("AccessChanged", {"operator": cast.member.pk})]


def test_an_added_member_is_recorded_at_the_site(admin: Client, cast: Cast) -> None:
    form = {"operator": cast.outsider.pk, "site": cast.site.pk, "role": "viewer", "since_0": "2026-11-22"}

    assert admin.post(reverse("admin:accounts_membership_add"), {**form, "since_1": "06:00:00"}).status_code == 302

    entry = AuditEntry.objects.get(action=Action.MEMBER_ADDED)
    assert (entry.site, entry.subject) == (cast.site, "outsider@example.org: viewer")


def test_the_audit_log_is_not_changed_here(admin: Client, issued: services.IssuedKey) -> None:
    entry = AuditEntry.objects.latest("id")

    assert admin.get(reverse("admin:accounts_auditentry_change", args=[entry.pk])).status_code == 200
    assert admin.post(reverse("admin:accounts_auditentry_change", args=[entry.pk]), {"by": "x"}).status_code == 403
    assert admin.post(reverse("admin:accounts_auditentry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403
    assert admin.get(reverse("admin:accounts_auditentry_add")).status_code == 403

"""Every field of every form is on its page, and posting a page unchanged changes nothing.

A field that is in a form and not in its template is not sent by browsers: saving the page would then empty its column.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm, Form, ModelForm
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sensorfusion.accounts import forms as accounts
from sensorfusion.accounts.mailing.forms import ForgottenForm, MutedForm, NewPasswordForm
from sensorfusion.accounts.models import Operator, Role
from sensorfusion.accounts.signing_in import forms as second_factor
from sensorfusion.administration.forms import AnnouncementForm, InvitationForm, SwitchForm
from sensorfusion.alerts.forms import RuleForm
from sensorfusion.alerts.messages.forms import BrowserForm, ChannelForm, MaintenanceForm, ReaderForm
from sensorfusion.alerts.messages.models import AlertReader
from sensorfusion.alerts.models import AlertRule, Watch
from sensorfusion.alerts.severity import Severity
from sensorfusion.documents.mailing.forms import EveryForm
from sensorfusion.documents.mailing.models import Every
from sensorfusion.documents.mailing.services import choose
from sensorfusion.domain import quality_checks
from sensorfusion.handover.forms import AcceptForm, OfferForm
from sensorfusion.ingest.files import uploads
from sensorfusion.ingest.files.forms import MappingForm, ShapeForm, UploadForm
from sensorfusion.ingest.files.rows import Column, Plan
from sensorfusion.ingest.models import FileImport
from sensorfusion.ingest.polling.forms import PollForm
from sensorfusion.readings.exclusions.pages import ExclusionForm
from sensorfusion.readings.export.jobs.forms import ExportForm
from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.forms import NoteForm
from sensorfusion.send_on.forms import DestinationForm
from sensorfusion.sensors import forms as sensors
from sensorfusion.sensors.consoles.forms import ClaimForm, IdentityForm, ReadingForm
from sensorfusion.sensors.keeping_pages import KeepingForm
from sensorfusion.sensors.keys.encryption import encrypt
from sensorfusion.sensors.models import Attributes, Console, Poll, QualitySettings, UnclaimedConsole
from sensorfusion.sensors.naming.pages import NamingForm
from sensorfusion.sensors.polls.services import WRITTEN_BY_THE_POLLER
from sensorfusion.sensors.signing_up.forms import ConfirmForm, SetUpForm
from sensorfusion.sharing.forms import ShareForm, UnlockForm
from sensorfusion.sharing.screens.forms import CodeForm, ScreenForm
from sensorfusion.sharing.sites.forms import SiteShareForm
from sensorfusion.sharing.sites.publishing_forms import PublicForm
from sensorfusion.web.forms import TypedConfirmation
from sensorfusion.webhooks.forms import WebhookForm
from sensorfusion.webhooks.models import Progress, Webhook
from sensorfusion.webhooks.services import make_webhook
from tests.conftest import Cast
from tests.mail.conftest import mail_settings
from tests.security.test_sight import ours
from tests.web.filled_rows import filled
from tests.web.shown_forms import ShownForm, forms_of

__all__ = ["mail_settings"]
pytestmark = pytest.mark.usefixtures("mail_settings")
MEMBERS = (Role.OWNER, Role.EDITOR, Role.VIEWER)
# Their pages are opened by a link that is sent.
ELSEWHERE = {
    NewPasswordForm: "tests/accounts/mailing/test_reset_pages.py",
    UnlockForm: "tests/sharing/test_pages.py",
    CodeForm: "tests/sharing/screens/test_pages.py",
    ConfirmForm: "tests/sensors/signing_up/test_pages.py",
    SetUpForm: "tests/sensors/signing_up/test_pages.py",
    AcceptForm: "tests/handover/test_pages.py",
    # Behind the question who it is.
    second_factor.CodeForm: "tests/accounts/signing_in/test_pages.py",
    second_factor.ConfirmByCodeForm: "tests/accounts/signing_in/test_pages.py",
    second_factor.SetUpAppForm: "tests/accounts/signing_in/test_pages.py",
    second_factor.AddPasskeyForm: "tests/browser/test_second_factor.py",
    second_factor.RenamePasskeyForm: "tests/browser/test_second_factor.py",
}
EDITORS = (Role.OWNER, Role.EDITOR)
OWNERS = (Role.OWNER,)
ANYBODY = ("anybody",)  # not signed in
# "bare": columns have their defaults. "full": each has another value. "alone": full, and no other account is active.
STATES = ("bare", "full")


@dataclass(frozen=True)
class Page:
    """A page with a form, its readers, and the states of the data it shows."""

    form: "type[Form | ModelForm[Any]]"
    address: str
    action: str = ""  # the URL the form is sent to; empty: the page itself
    to: tuple[str, ...] = EDITORS
    states: tuple[str, ...] = STATES
    without: dict[str, set[str]] = field(default_factory=dict)  # by state: fields that the page has no input for
    edits: bool = False  # shows stored values, and saves what is sent
    button: str = ""

    def __str__(self) -> str:
        return f"{self.form.__name__}@{self.action or self.address}"


SAVED_EMPTY = (EveryForm, KeepingForm, MutedForm, NamingForm, sensors.RoleForm)
NEW_RULE = "/sensors/{sensor}/alert-rules/new/"
MESSAGES = "/alerts/messages/"
SITE, SENSOR, CONSOLES = "/sites/{site}/", "/sensors/{sensor}/", "/sensors/consoles/"
PAGES = [
    Page(AnnouncementForm, "/administration/announcements/", to=MEMBERS, states=("full",)),
    Page(SwitchForm, "/administration/features/", to=MEMBERS, states=("full",), without={"full": {"to"}}),
    Page(InvitationForm, "/administration/invitations/", to=MEMBERS, states=("full",)),
    Page(OfferForm, f"{SENSOR}hand-over/", to=OWNERS),
    Page(accounts.SignInForm, "/sign-in/", to=ANYBODY),
    Page(ForgottenForm, "/sign-in/forgotten/", to=ANYBODY),
    Page(accounts.SignUpForm, "/sign-up/", to=ANYBODY),
    Page(accounts.ProfileForm, "/account/", "/account/profile/", to=MEMBERS, edits=True),
    Page(second_factor.ConfirmPasswordForm, "/account/confirm/", to=MEMBERS),
    Page(accounts.EmailForm, "/account/", "/account/email/", to=MEMBERS),
    Page(accounts.PasswordForm, "/account/", "/account/password/", to=MEMBERS),
    Page(MutedForm, "/account/", "/account/mail/", to=MEMBERS, edits=True),
    Page(accounts.TokenForm, "/account/", "/account/tokens/", to=MEMBERS),
    Page(accounts.CloseAccountForm, "/account/close/", to=MEMBERS),
    Page(sensors.SiteForm, "/sites/new/", to=MEMBERS),
    Page(sensors.SiteForm, f"{SITE}settings/", edits=True),
    Page(KeepingForm, f"{SITE}settings/", f"{SITE}keeping/", edits=True),
    Page(accounts.TokenForm, f"{SITE}settings/", f"{SITE}tokens/", to=MEMBERS),
    Page(sensors.InvitationForm, f"{SITE}settings/", f"{SITE}members/", to=OWNERS),
    Page(sensors.RoleForm, f"{SITE}settings/", f"{SITE}members/{{member}}/", to=OWNERS, edits=True),
    Page(TypedConfirmation, f"{SITE}settings/", f"{SITE}delete/", to=OWNERS),
    Page(sensors.NewSensorForm, "/sensors/new/", to=MEMBERS),
    Page(sensors.SensorForm, f"{SENSOR}settings/", edits=True),
    Page(KeepingForm, f"{SENSOR}keeping/", edits=True),
    Page(TypedConfirmation, f"{SENSOR}settings/", f"{SENSOR}delete/"),
    Page(NamingForm, f"{SENSOR}names/", edits=True),
    Page(ReadingForm, f"{SENSOR}console/", edits=True),
    Page(IdentityForm, f"{SENSOR}console/", f"{SENSOR}console/identity/"),
    # Only if there are other accounts, the end of a console's identity is required.
    Page(ClaimForm, CONSOLES, f"{CONSOLES}{{console}}/claim/", to=MEMBERS),
    Page(
        ClaimForm,
        CONSOLES,
        f"{CONSOLES}{{console}}/claim/",
        to=OWNERS,
        states=("alone",),
        without={"alone": {"ending"}},
    ),
    # Headers that are missing cannot be dropped.
    Page(PollForm, f"{SENSOR}polling/", without={"bare": {"drop_headers"}}, edits=True, button="save"),
    Page(ExclusionForm, f"{SENSOR}exclusions/"),
    Page(NoteForm, f"{SENSOR}notes/"),
    # The sensor has no readings, so there are no quantities to choose.
    Page(ShareForm, f"{SENSOR}shares/", without={state: {"quantities"} for state in STATES}),
    Page(PublicForm, f"{SENSOR}shares/", f"{SENSOR}public/", without={state: {"quantities"} for state in STATES}),
    Page(SiteShareForm, f"{SITE}sharing/", without={state: {"no_password"} for state in STATES}),
    Page(ScreenForm, "/tv/open/?sensor={sensor}", without={state: {"quantities"} for state in STATES}),
    Page(ExportForm, f"{SENSOR}export/", to=MEMBERS),
    Page(ExportForm, f"{SITE}export/", to=MEMBERS),
    Page(WebhookForm, f"{SITE}webhooks/add/", to=OWNERS),
    Page(WebhookForm, f"{SITE}webhooks/{{webhook}}/", to=OWNERS, edits=True),
    Page(TypedConfirmation, f"{SITE}webhooks/{{webhook}}/", f"{SITE}webhooks/{{webhook}}/delete/", to=OWNERS),
    Page(NoteForm, f"{SENSOR}notes/{{note}}/", states=("full",), edits=True),
    Page(RuleForm, NEW_RULE, states=("full",)),
    Page(RuleForm, "/alerts/rules/{rule}/", states=("full",), edits=True),
    Page(ReaderForm, MESSAGES, f"{MESSAGES}save/", to=MEMBERS, edits=True),
    Page(ChannelForm, MESSAGES, "/alerts/channels/", to=MEMBERS),
    Page(BrowserForm, MESSAGES, "/alerts/browsers/", to=MEMBERS),
    Page(EveryForm, f"{SENSOR}reports/", f"{SENSOR}reports/mail/", to=MEMBERS, edits=True),
    Page(MaintenanceForm, MESSAGES, "/alerts/maintenance/"),
    Page(DestinationForm, f"{SENSOR}send-on/add/wunderground/"),
    Page(DestinationForm, f"{SENSOR}send-on/add/opensensemap/"),
    Page(UploadForm, f"{SENSOR}import/"),
    Page(MappingForm, f"{SENSOR}import/{{waiting}}/", states=("full",), edits=True, button="look"),
    Page(ShapeForm, f"{SENSOR}import/{{waiting}}/", states=("full",), button="look"),
]
# When and by whom something was saved, and the polling status since; everything else must stay as it is.
OF_SAVING = {
    Poll: {"changed_at", "next_at", *WRITTEN_BY_THE_POLLER},
    QualitySettings: {"changed_at", "changed_by_id"},
    AlertRule: {"changed_at"},
    Watch: {"version"},
    Progress: {"begun_at"},
}


@dataclass
class World:
    """The pages' data in one state."""

    cast: Cast
    console: UnclaimedConsole
    waiting: FileImport
    webhook: Webhook
    rule: UUID = field(default_factory=uuid4)
    note: UUID = field(default_factory=uuid4)

    def path(self, template: str) -> str:
        return template.format(
            site=self.cast.site.uuid,
            sensor=self.cast.sensor.uuid,
            member=self.cast.member.uuid,
            console=self.console.pk,
            waiting=self.waiting.uuid,
            webhook=self.webhook.uuid,
            rule=self.rule,
            note=self.note,
        )

    def people(self) -> dict[str, Operator]:
        return {Role.OWNER: self.cast.owner, Role.EDITOR: self.cast.editor, Role.VIEWER: self.cast.member}

    def signed_in(self, who: str) -> Client:
        client = Client(REMOTE_ADDR="9.9.9.9")
        if who in self.people():
            client.force_login(self.people()[who])
        return client


@pytest.fixture
def world(cast: Cast, settings: Settings, tmp_path: Path) -> World:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    console = UnclaimedConsole.objects.create(
        digest=b"1" * 32, shows="PASSKEY", ending="E55D", door="ecowitt", network="9.9.9.9"
    )
    table = SimpleUploadedFile("garden.csv", b"when,temp,rh\n2026-11-22 06:00,4.5,80\n")
    waiting = uploads.receive(by=cast.owner, sensor=cast.sensor, uploaded=table, now=timezone.now())
    address: dict[str, Any] = {"url": "https://example.org/in", "events": ["readings", "member.left"]}
    webhook = make_webhook(by=cast.owner, site=cast.site, now=timezone.now(), name="Archive", **address).webhook
    return World(cast, console, waiting, webhook)


def bare(world: World) -> None:
    sensor = world.cast.sensor
    Attributes.objects.create(sensor=sensor)
    Console.objects.create(sensor=sensor)
    Poll.objects.create(sensor=sensor, url="http://192.0.2.1/", fields="temperature = $.t °C")


def full(world: World) -> None:
    sensor = world.cast.sensor
    names = {"t1": {"quantity": "temperature", "unit": "[degF]"}, "x = y": {"quantity": ""}}
    filled(world.cast.site, time_zone="America/New_York")
    quantities = {"temperature": {"label": "Mast", "decimals": 2, "place": 1, "colour": "s2", "low": -20.0}}
    filled(sensor, names=names, quantities=quantities, description="A mast.\nWith two lines.")
    filled(Attributes(sensor=sensor), shared={"interval": 60, "name": "mast"}, client={"firmware": "1.2"})
    filled(Console(sensor=sensor))
    filled(
        Poll(sensor=sensor),
        url="http://192.0.2.1/?a=1&b=2",
        interval_s=61,
        fields="temperature = $.t °C\nhumidity = $['r h'] %",
        headers=encrypt("X-API-Key: 0123abc"),
        time_path="$.at",
    )
    checks = {"temperature": {"flat": {"change": 0.25, "within_s": 7200}}}
    site, at = world.cast.site, timezone.now()
    rule = AlertRule(site=site, sensor=sensor, uuid=world.rule, quantity="temperature", made_at=at, changed_at=at)
    limits = {
        "condition": "outside",
        "than": "soil_temperature",
        "high": 30.1,
        "low": -5.3,
        "clear_high": 29.7,
        "clear_low": -4.9,
        "repeat_s": 600.0,
    }
    filled(rule, **limits, expected=None, within_s=0.0)
    filled(Note(sensor=sensor, uuid=world.note), text="Moved", starts_at=at, ends_at=at + timedelta(days=1))
    filled(QualitySettings(sensor=sensor), checks=quality_checks.write(quality_checks.read(checks)))
    for operator in world.people().values():
        quiet = {"quiet_starts_min": 1320, "quiet_ends_min": 400, "email_from": Severity.CRITICAL}
        filled(AlertReader(operator=operator), **quiet, time_zone="America/New_York")
        choose(by=operator, sensor=sensor, wanted=[Every.DAY, Every.MONTH], now=at)
        filled(operator, email=operator.email, password=operator.password, is_active=True, muted_mail=["invitation"])
    columns = (Column("temp", "temperature", "[degF]"), Column("rh", "humidity", "%"))
    zone, missing = ZoneInfo("America/New_York"), frozenset({"n/a", "none"})
    plan = Plan(columns=columns, time_column="when", time_format="%Y-%m-%d %H:%M", time_zone=zone, missing=missing)
    uploads.tell(world.waiting, plan=plan)


def in_state(world: World, case: Page, state: str) -> None:
    {"bare": bare}.get(state, full)(world)
    if state == "alone":
        Operator.objects.exclude(pk=world.cast.owner.pk).update(is_active=False)


def shown(world: World, case: Page, html: str) -> ShownForm | None:
    address = world.path(case.address)
    wanted = world.path(case.action) or address
    found = [form for form in forms_of(html) if form.method == "post" and (form.action or address) == wanted]
    return found[0] if found else None


def fields_of(case: Page, answer: object) -> set[str]:
    """Return the names of the form's inputs; some forms have more fields than their class."""
    for form in forms_in(answer):
        if type(form) is case.form:
            return {form[name].html_name for name in form.fields}
    return set(case.form.base_fields)


def forms_in(answer: object) -> Iterator[BaseForm]:
    """Return the forms that a page was rendered with."""
    for context in getattr(answer, "context", None) or ():
        for layer in context:
            for value in layer.values():
                rows = value if isinstance(value, list) else [value]
                for each in (*rows, *(getattr(row, "form", None) for row in rows)):
                    if isinstance(each, BaseForm):
                        yield each


CASES = [pytest.param(case, state, id=f"{case}-{state}") for case in PAGES for state in case.states]
EDITED = [pytest.param(case, state, id=f"{case}-{state}") for case in PAGES if case.edits for state in case.states]


# How a file's columns are read is said as a whole.
PARTLY = [
    pytest.param(case, state, id=f"{case}-{state}")
    for case in PAGES
    if case.edits and case.form is not MappingForm
    for state in case.states
]


@pytest.mark.parametrize(("case", "state"), CASES)
def test_a_page_shows_every_field_of_its_form(world: World, case: Page, state: str) -> None:
    in_state(world, case, state)

    for who in (*MEMBERS, *ANYBODY):
        answer = world.signed_in(who).get(world.path(case.address))
        form = shown(world, case, answer.text)
        assert (form is not None) == (who in case.to), f"{who} sees the form, or does not"
        if form:
            missing = fields_of(case, answer) - form.names
            assert missing == case.without.get(state, set()), f"the page of {who} has no input for {missing}"


@pytest.mark.parametrize(("case", "state"), CASES)
def test_a_page_that_refuses_its_form_shows_every_field_again(world: World, case: Page, state: str) -> None:
    in_state(world, case, state)

    answer = world.signed_in(case.to[0]).post(world.path(case.action or case.address), {"action": case.button})
    form = shown(world, case, answer.text)

    # A form whose fields are all optional is saved; a choice with a button of its own is refused by a message.
    assert form or (answer.status_code == 302 and case.form in SAVED_EMPTY)
    if form:
        assert fields_of(case, answer) - form.names == case.without.get(state, set())


@pytest.mark.parametrize(("case", "state"), EDITED)
def test_sending_what_a_page_shows_changes_nothing(world: World, case: Page, state: str) -> None:
    in_state(world, case, state)
    path = world.path(case.address)

    for who in case.to:
        client = world.signed_in(who)
        form = shown(world, case, client.get(path).text)
        assert form
        before = columns()
        answer = client.post(form.action or path, form.body(case.button))
        assert answer.status_code in (200, 302), answer.text
        assert changed(before, columns()) == []


@pytest.mark.parametrize(("case", "state"), PARTLY)
def test_an_input_that_is_not_sent_changes_nothing(world: World, case: Page, state: str) -> None:
    in_state(world, case, state)
    path = world.path(case.address)
    client = world.signed_in(case.to[0])
    form = shown(world, case, client.get(path).text)
    assert form
    # A browser sends no box that is not ticked.
    before, boxes = columns(), {"is_on", "drop_headers", "wanted", "every", "critical_breaks"}

    for left_out in form.names - boxes:
        body = {name: sent for name, sent in form.body(case.button).items() if name != left_out}
        answer = client.post(form.action or path, body or {"nothing": "known"})
        assert answer.status_code in (302, 400), left_out
        assert changed(before, columns()) == [], left_out


def test_sending_the_checks_that_are_shown_changes_nothing(world: World) -> None:
    """That page has no form class: its inputs are named after the checks."""
    full(world)
    path = world.path(f"{SENSOR}quality/")
    client = world.signed_in(Role.EDITOR)
    form = next(form for form in forms_of(client.get(path).text) if "quantity" in form.names)
    before = columns()

    answer = client.post(form.action or path, {name: sent for name, sent in form.body().items() if name != "reset"})

    assert answer.status_code == 302
    assert changed(before, columns()) == []


def test_every_form_of_the_project_is_in_the_table() -> None:
    assert ours()  # imports all pages

    assert {case.form for case in PAGES} | ELSEWHERE.keys() == set(_project_forms(BaseForm))


def test_every_form_that_a_page_is_rendered_with_is_in_the_table(world: World) -> None:
    full(world)
    client = world.signed_in(Role.OWNER)

    for address in _addresses(world):
        answer = client.get(address)
        known = {case.form for case in PAGES if world.path(case.address) == address}
        assert {type(form) for form in forms_in(answer)} <= known, address


def _project_forms(above: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for each in above.__subclasses__():
        yield from _project_forms(each)
        if each.__module__.startswith("sensorfusion.") and not each.__module__.endswith(".admin"):
            yield each


def _addresses(world: World) -> Iterator[str]:
    for route in ours():
        about = "{site}" if route.startswith("sites/") else "{sensor}"
        address = f"/{route}".replace("<uuid:uuid>", about).replace("<uuid:number>", "{waiting}")
        if "<" not in address and not address.startswith(("/api/", "/clients/")) and "(?" not in address:
            yield world.path(address)


def columns() -> dict[str, Any]:
    """Read every column of every row that people write, by model, row and column."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if model._meta.app_label not in ("sensors", "accounts", "ingest", "alerts", "report_mail"):
            continue
        left_out = OF_SAVING.get(model, set())
        for number, row in enumerate(model._default_manager.order_by("pk").values()):
            named = {f"{model.__name__} {number} {name}": value for name, value in row.items() if name not in left_out}
            found |= named
    return found


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the columns that differ, with their old and new values."""
    nothing = object()
    names = sorted(before.keys() | after.keys())
    pairs = ((name, before.get(name, nothing), after.get(name, nothing)) for name in names)
    return [f"{name}: {was!r} became {now!r}" for name, was, now in pairs if was != now]

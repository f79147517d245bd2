import io
import json
import subprocess
import sys
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.management.commands import changepassword
from django.core.management import CommandError, call_command
from django.test import Client

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.audit.origin import COMMAND_LINE
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.accounts.services import issue_token
from sensorfusion.clock import utc_now
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Key, Sensor, Site
from tests.announced import announced
from tests.conftest import Cast
from tests.patience import PATIENCE_S


def run(name: str, *arguments: str, typed: str = "", monkeypatch: pytest.MonkeyPatch | None = None) -> Any:
    if monkeypatch:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    printed = io.StringIO()
    call_command(name, *arguments, stdout=printed)
    return json.loads(printed.getvalue())


def create_operator(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = "analytical engine\n") -> Any:
    return run("create_operator", "--password-stdin", *arguments, typed=password, monkeypatch=monkeypatch)


def test_operator_is_made_with_a_first_site(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create_operator(monkeypatch, "--email", "ada@example.org", "--name", "Ada")

    operator, site = Operator.objects.get(), Site.objects.get()
    assert made == {"id": str(operator.uuid), "email": "ada@example.org", "site": str(site.uuid)}
    assert operator.check_password("analytical engine")
    assert not operator.is_superuser


def test_operator_made_with_admin_may_use_it(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    create_operator(monkeypatch, "--email", "ada@example.org", "--admin")

    operator = Operator.objects.get()
    assert operator.is_staff
    assert operator.is_superuser


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("owner@example.org", "analytical engine", "already an account"),
        ("ada", "analytical engine", "valid email"),
        ("ada@example.org", "short", "too short"),
        ("ada@example.org", "", "too short"),
    ],
)
def test_operator_that_cannot_be_is_refused_in_a_sentence(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, email: str, password: str, reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        create_operator(monkeypatch, "--email", email, password=password)

    assert Operator.objects.count() == 4


def test_password_is_not_asked_for_without_a_terminal(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="--password-stdin"):
        run("create_operator", "--email", "ada@example.org", monkeypatch=monkeypatch)


def test_sensor_is_added_to_the_oldest_site(cast: Cast) -> None:
    made = run(
        *("add_sensor", "--operator", "Owner@example.org", "--name", "Cellar", "--model", "X1"),
        *("--latitude", "52.1", "--longitude", "21"),
    )

    sensor = Sensor.objects.get(uuid=made["id"])
    assert (sensor.site, sensor.latitude, sensor.model) == (cast.site, 52.1, "X1")
    assert made["site"] == str(cast.site.uuid)
    assert bytes(Key.objects.get(sensor=sensor).digest) == digest(made["key"])


@pytest.mark.parametrize("by", ["name", "uuid"])
def test_sensor_is_added_to_the_site_that_is_named(cast: Cast, by: str) -> None:
    hut = Site.objects.create(name="Hut")
    Membership.objects.create(operator=cast.owner, site=hut, role=Role.OWNER)

    made = run("add_sensor", "--operator", "owner@example.org", "--name", "Cellar", "--site", str(getattr(hut, by)))

    assert Sensor.objects.get(uuid=made["id"]).site == hut


def test_site_that_is_missing_is_made_for_the_operator(cast: Cast) -> None:
    made = run("add_sensor", "--operator", "owner@example.org", "--name", "Cellar", "--site", "Harbour")

    site = Site.objects.get(uuid=made["site"])
    assert site != cast.other_site  # another operator's site of that name
    assert Membership.objects.get(site=site).operator == cast.owner


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--operator", "nobody@example.org", "--name", "Cellar"], "no operator nobody@example.org"),
        (["--operator", "owner@example.org", "--name", "Orchard station"], "of this name already"),
        (["--operator", "owner@example.org", "--name", "Cellar", "--latitude", "95"], "latitude"),
        (["--operator", "owner@example.org", "--name", "Cellar", "--elevation", "nan"], "elevation_m must be a finite"),
        (["--operator", "owner@example.org", "--name", "Cellar", "--site", str(uuid4())], "no site"),
        (["--operator", "owner@example.org", "--name", ""], "name"),
        (["--operator", "owner@example.org", "--name", "Cellar", "--transport", "pigeon"], "pigeon"),
    ],
)
def test_sensor_that_cannot_be_is_refused_in_a_sentence(cast: Cast, arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run("add_sensor", *arguments)

    assert Sensor.objects.count() == 2
    assert Site.objects.count() == 2


def test_site_of_others_is_not_used(cast: Cast) -> None:
    with pytest.raises(CommandError):
        run("add_sensor", "--operator", "outsider@example.org", "--name", "Cellar", "--site", str(cast.site.uuid))


def test_site_is_not_made_when_the_sensor_is_refused(cast: Cast) -> None:
    with pytest.raises(CommandError):
        run("add_sensor", "--operator", "owner@example.org", "--name", "Cellar", "--site", "Hut", "--latitude", "95")

    assert not Site.objects.filter(name="Hut").exists()


@pytest.mark.parametrize("name", ["create_operator", "add_sensor"])
def test_help_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command(name, "--help")

    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "example:\n  " in shown
    assert f"sensorfusion {name} --" in shown


def test_refusal_ends_with_code_1_and_no_traceback() -> None:
    command = [sys.executable, "-m", "sensorfusion", "create_operator", "--email", "ada@example.org"]

    process = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_S)

    assert process.returncode == 1
    assert process.stdout == ""
    assert "--password-stdin" in process.stderr
    assert "Traceback" not in process.stderr


def test_forgotten_password_is_set_by_command(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a fresh horse battery\n"))
    issue_token(operator=cast.owner, label="script", now=utc_now())
    printed = io.StringIO()

    call_command("set_password", "--email", "OWNER@example.org", "--password-stdin", stdout=printed)

    cast.owner.refresh_from_db()
    assert cast.owner.check_password("a fresh horse battery")
    assert not cast.owner.tokens.exists()
    assert printed.getvalue().startswith("owner@example.org has a new password")
    [entry] = AuditEntry.objects.filter(action=Action.PASSWORD_RESET)
    assert (entry.by, entry.address) == ("owner@example.org", COMMAND_LINE)


def test_what_ends_with_a_password_is_what_the_documentation_says(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """docs/keeping.md: `set_password` ends everything at once, Django's `changepassword` the browsers' sessions."""
    browser, text = Client(), issue_token(operator=cast.owner, label="script", now=now).text
    program = Client(headers={"Authorization": f"Bearer {text}"})

    def works() -> tuple[bool, bool]:
        return browser.get("/account/").status_code == 200, program.get("/api/v1/auth/me/").status_code == 200

    browser.force_login(cast.owner)
    assert works() == (True, True)
    monkeypatch.setattr(changepassword.Command, "_get_pass", lambda *_, **__: "a fresh horse battery")
    with announced() as by_django:
        call_command("changepassword", cast.owner.email, stdout=io.StringIO())
    assert works() == (False, True)
    assert by_django == []  # so sockets stay open

    browser.force_login(Operator.objects.get(pk=cast.owner.pk))
    monkeypatch.setattr(sys, "stdin", io.StringIO("another horse battery\n"))
    with announced() as by_us:
        call_command("set_password", "--email", cast.owner.email, "--password-stdin", stdout=io.StringIO())
    assert works() == (False, False)
    assert by_us == [("AccessChanged", {"operator": cast.owner.pk})]


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [("unknown@example.org", "a fresh horse battery", "no active account"), ("owner@example.org", "x", "too short")],
)
def test_password_that_cannot_be_set_is_refused_in_a_sentence(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, email: str, password: str, reason: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))

    with pytest.raises(CommandError, match=reason):
        call_command("set_password", "--email", email, "--password-stdin")

"""Shared fixtures: an owner with a site, a member, an outsider; real PostgreSQL throughout."""

from dataclasses import dataclass
from datetime import datetime

import pytest
import uvicorn
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from sse_starlette.sse import AppStatus
from time_machine import TimeMachineFixture

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.accounts.rate_limit import REQUESTS
from sensorfusion.accounts.tries.tokens import ISSUED_TOKENS, UNKNOWN_TOKENS
from sensorfusion.clock import utc_now
from sensorfusion.readings.export.streaming import SLOTS
from sensorfusion.sensors.models import Sensor, Site, Status
from sensorfusion.sensors.provisioning.tries import UNKNOWN_PROVISIONING
from tests.plugins.postgres import django_db_keepdb as django_db_keepdb  # here it replaces that of pytest-django

# The duration of an example depends on the machine's load. Hypothesis's own settings under CI are kept.
hypothesis_settings.register_profile(
    "untimed", parent=hypothesis_settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("untimed")

# A library of the MCP server, which is a program of its own, replaces this for all servers of its process.
assert AppStatus.original_handler is not None
uvicorn.Server.handle_exit = AppStatus.original_handler  # type: ignore[method-assign]

PASSWORD = "correct horse battery"


def enter_password(request: HttpRequest, user: Operator, **_: object) -> None:
    """Make `force_login` what it stands for: a sign-in by password just now."""
    if not get_authentication_records(request, user):
        record_authentication(request, user, method="password")


user_logged_in.connect(enter_password, dispatch_uid="tests")


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address for all browsers: Playwright asks once in a process, and each directory has its own platform.

    In place of the plugin's own fixture, a method, which pytest warns about.
    """


@pytest.fixture(autouse=True)
def fast_passwords(settings: Settings) -> None:
    """Argon2 is slow by design, hundreds of times: 0.1 s for every person of the cast."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    """Requests of earlier tests do not count, with unknown credentials or with good ones: all have one address."""
    REQUESTS.forget()
    for counted in (UNKNOWN_TOKENS, ISSUED_TOKENS, UNKNOWN_PROVISIONING):
        counted.forget()


@pytest.fixture(autouse=True)
def no_exports_under_way() -> None:
    """Responses that earlier tests have not closed hold a slot of their operator, whose number may come again."""
    SLOTS._taken.clear()


@pytest.fixture
def now() -> datetime:
    """The instant at which a test begins, for data of code that reads the clock: correct on any day.

    Use a fixed instant only with a fixed clock (`now=`); together with the real clock it becomes outdated.
    """
    return utc_now()


@pytest.fixture
def stopped_clock(time_machine: TimeMachineFixture) -> None:
    """Stop the clock: repeated actions of a test are in one window of time, on a busy machine too."""
    time_machine.move_to(utc_now(), tick=False)


@dataclass
class Cast:
    """People and objects with names, so that a test reads as a sentence."""

    owner: Operator
    editor: Operator
    member: Operator  # a viewer of the owner's site
    outsider: Operator  # owner of another site
    site: Site
    other_site: Site
    sensor: Sensor
    other_sensor: Sensor


@pytest.fixture
def cast(db: None) -> Cast:
    owner, editor, member, outsider = (
        Operator.objects.create_user(f"{name}@example.org", PASSWORD, name=name.title())
        for name in ("owner", "editor", "member", "outsider")
    )
    site = Site.objects.create(
        name="Orchard", time_zone="Europe/Warsaw", latitude=52.24, longitude=21.01, elevation_m=113
    )
    other_site = Site.objects.create(name="Harbour", time_zone="America/New_York")
    Membership.objects.bulk_create(
        [
            Membership(operator=owner, site=site, role=Role.OWNER),
            Membership(operator=editor, site=site, role=Role.EDITOR),
            Membership(operator=member, site=site, role=Role.VIEWER),
            Membership(operator=outsider, site=other_site, role=Role.OWNER),
        ]
    )
    return Cast(
        owner=owner,
        editor=editor,
        member=member,
        outsider=outsider,
        site=site,
        other_site=other_site,
        sensor=Sensor.objects.create(site=site, name="Orchard station", status=Status.ACTIVE),
        other_sensor=Sensor.objects.create(site=other_site, name="Harbour station", status=Status.ACTIVE),
    )

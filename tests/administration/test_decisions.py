"""The forms by which administrators decide for everyone."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.administration.models import Announcement, ClosedFeature, Feature
from sensorfusion.accounts.audit.models import Action, AuditEntry
from tests.clients import client_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
FEATURES, ANNOUNCEMENTS = "/administration/features/", "/administration/announcements/"


def minute(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def test_a_feature_is_closed_and_opened(cast: Cast, administrator: Client) -> None:
    webhook = {"site": str(cast.site.uuid), "name": "x", "url": "https://hooks.example.org/", "events": ["readings"]}
    owner = client_of(cast.owner)

    closed = administrator.post(FEATURES, {"feature": "webhooks", "to": "off"}, follow=True).text
    refused = owner.post("/api/v1/webhooks/", webhook)
    administrator.post(FEATURES, {"feature": "webhooks", "to": "on"})
    made = owner.post("/api/v1/webhooks/", webhook)

    assert "Webhooks: closed" in closed
    assert closed.count(">Closed<") == 1
    assert (refused.status_code, refused.json()["code"], made.status_code) == (403, "switched_off", 201)


def test_a_page_that_is_closed_says_why(cast: Cast, administrator: Client, settings: Settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    administrator.post(FEATURES, {"feature": "imports", "to": "off"})
    owner = Client()
    owner.force_login(cast.owner)

    file = SimpleUploadedFile("a.csv", b"time,temperature\n2026-11-22T06:00:00Z,21.4\n")
    page = owner.post(f"/sensors/{cast.sensor.uuid}/import/", {"file": file}, follow=True)

    assert "An administrator has closed this on this server." in page.text


@pytest.mark.parametrize("form", [{}, {"feature": "webhooks"}, {"feature": "weather", "to": "off"}])
def test_a_form_that_names_no_feature_changes_nothing(administrator: Client, form: dict[str, str]) -> None:
    assert administrator.post(FEATURES, form).status_code == 200
    assert not ClosedFeature.objects.exists()


def test_every_feature_is_on_the_page(administrator: Client) -> None:
    page = administrator.get(FEATURES).text

    assert [str(feature.label) in page for feature in Feature] == [True] * len(Feature)


def test_settings_say_what_they_switch(administrator: Client, settings: Settings) -> None:
    settings.SIGNUP = False

    assert "Sign-up of new operators" in administrator.get(FEATURES).text


def test_an_announcement_is_made_shown_and_ended(administrator: Client, cast: Cast, now: datetime) -> None:
    made = administrator.post(
        ANNOUNCEMENTS, {"text": "We move.", "ends_at": minute(now + timedelta(days=1))}, follow=True
    ).text
    [announcement] = Announcement.objects.all()
    reader = Client()
    reader.force_login(cast.member)

    assert "It stands on all pages now." in made
    assert announcement.ends_at.second == 0
    assert "We move." in reader.get("/").text
    administrator.post(f"{ANNOUNCEMENTS}{announcement.pk}/end/")
    assert "We move." not in reader.get("/").text
    assert set(AuditEntry.objects.values_list("action", "by")) == {
        (Action.ANNOUNCED, cast.outsider.email),
        (Action.ANNOUNCEMENT_ENDED, cast.outsider.email),
    }


@pytest.mark.parametrize(("text", "hours"), [("", 1), ("We move.", -1), ("x" * 301, 1)])
def test_a_wrong_announcement_is_not_made(administrator: Client, now: datetime, text: str, hours: int) -> None:
    answer = administrator.post(ANNOUNCEMENTS, {"text": text, "ends_at": minute(now + timedelta(hours=hours))})

    assert 'class="error"' in answer.text
    assert not Announcement.objects.exists()


def test_the_address_of_a_form_leads_to_its_page(administrator: Client) -> None:
    assert administrator.get(f"{ANNOUNCEMENTS}1/end/")["Location"] == ANNOUNCEMENTS
    assert administrator.post(f"{ANNOUNCEMENTS}1/end/").status_code == 404

"""Each quota is reached by the smallest limit: in the services, on the pages and in the API."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.services import issue_token
from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.files import uploads
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.sensors import services
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.services import save_poll
from sensorfusion.sensors.provisioning.services import provision, switch_on
from tests.conftest import Cast

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
POLL = PollDetails(url="https://device.example.org/", interval_s=60, headers="", fields="temperature = $.t", is_on=True)


@pytest.fixture
def limited(settings: Settings, tmp_path: Path) -> Callable[..., None]:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path  # that of a server is made when it starts

    def limit(**limits: int) -> None:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **limits)

    return limit


def refusal(run: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refused:
        run()
    assert refused.value.code == "limit_reached"
    return str(refused.value)


def upload(cast: Cast, size: int = 10) -> FileImport:
    file = SimpleUploadedFile("a.csv", b"x" * size)
    return uploads.receive(by=cast.owner, sensor=cast.sensor, uploaded=file, now=NOW)


def test_sensors_of_a_site(cast: Cast, limited: Callable[..., None]) -> None:
    limited(site_sensors=2)
    services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Second")

    said = refusal(lambda: services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Third"))
    services.add_sensor(by=cast.outsider, site=cast.other_site, now=NOW, name="Elsewhere")

    assert said == "Sensors of a site are limited to 2, and 2 are used. Remove some first."


def test_sensor_is_not_moved_to_a_full_site_nor_registered_there_by_itself(
    cast: Cast, limited: Callable[..., None]
) -> None:
    second = services.create_site(by=cast.owner, now=NOW, name="Second")
    services.add_sensor(by=cast.owner, site=second, now=NOW, name="First there")
    opened = switch_on(by=cast.owner, site=second, now=NOW)
    limited(site_sensors=1)

    refusal(lambda: services.update_sensor(by=cast.owner, sensor=cast.sensor, site=second))
    refusal(lambda: provision(key=opened.provisioning.key, secret=opened.secret, name="x", now=NOW))

    assert Sensor.objects.filter(site=second).count() == 1


def test_sites_of_an_owner(cast: Cast, limited: Callable[..., None]) -> None:
    limited(operator_sites=1)

    refusal(lambda: services.create_site(by=cast.owner, now=NOW, name="Second"))
    services.create_site(by=cast.member, now=NOW, name="The viewer's own")


def test_tokens_of_an_operator_without_those_that_have_expired(cast: Cast, limited: Callable[..., None]) -> None:
    limited(operator_tokens=1)
    first = issue_token(operator=cast.owner, label="1", now=NOW)

    refusal(lambda: issue_token(operator=cast.owner, label="2", now=NOW))
    issue_token(operator=cast.editor, label="1", now=NOW)
    issue_token(operator=cast.owner, label="2", now=first.token.expires_at)


def test_polls_at_the_sites_of_an_owner(cast: Cast, limited: Callable[..., None]) -> None:
    limited(operator_polls=1)
    save_poll(by=cast.owner, sensor=cast.sensor, details=POLL, now=NOW)
    second = services.create_site(by=cast.owner, now=NOW, name="Second")
    sensor = services.add_sensor(by=cast.owner, site=second, now=NOW, name="x").sensor

    refusal(lambda: save_poll(by=cast.owner, sensor=sensor, details=POLL, now=NOW))
    save_poll(by=cast.owner, sensor=cast.sensor, details=POLL, now=NOW)
    save_poll(by=cast.outsider, sensor=cast.other_sensor, details=POLL, now=NOW)


def test_uploads_that_wait_by_number_and_by_bytes(cast: Cast, limited: Callable[..., None]) -> None:
    limited(operator_uploads=1)
    kept = upload(cast)
    refusal(lambda: upload(cast))
    uploads.discard(kept)
    upload(cast)

    limited(operator_uploads=0, operator_upload_mb=1)
    upload(cast, 999_990)
    said = refusal(lambda: upload(cast, 1))

    assert said.startswith("Your uploads that wait for their import are limited to 1 MB, and 1 MB are used")


def test_imports_under_way(cast: Cast, limited: Callable[..., None]) -> None:
    limited(operator_imports=1)
    kept = upload(cast)
    running = FileImport.objects.create(
        operator=cast.owner, sensor=cast.sensor, state=ImportState.RUNNING, file_name="b", updated_at=NOW
    )

    refusal(lambda: uploads.start(kept, now=lambda: NOW))

    kept.refresh_from_db()
    assert kept.state == ImportState.WAITING
    running.delete()


def test_nothing_is_limited_by_zero(cast: Cast, limited: Callable[..., None]) -> None:
    names = ("sites", "tokens", "polls", "uploads", "upload_mb", "imports")
    limited(site_sensors=0, **{f"operator_{name}": 0 for name in names})

    for number in range(3):
        site = services.create_site(by=cast.owner, now=NOW, name=str(number))
        sensor = services.add_sensor(by=cast.owner, site=site, now=NOW, name="x").sensor
        save_poll(by=cast.owner, sensor=sensor, details=POLL, now=NOW)
        issue_token(operator=cast.owner, label="", now=NOW)
        upload(cast)


@pytest.mark.parametrize(
    ("limit", "path", "body"),
    [
        ("site_sensors", "/api/v1/sensors/", {"name": "Second"}),
        ("operator_sites", "/api/v1/sites/", {"name": "Second"}),
        ("operator_tokens", "/api/v1/auth/tokens/", {"label": "Second"}),
    ],
)
def test_api_answers_409_and_names_the_limit(
    client: Client, cast: Cast, limited: Callable[..., None], limit: str, path: str, body: dict[str, str]
) -> None:
    client.force_login(cast.owner)
    issue_token(operator=cast.owner, label="1", now=datetime.now(UTC))
    limited(**{limit: 1})

    answer = client.post(path, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    assert "limited to 1, and 1 are used" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("limit", "path", "form"),
    [
        ("site_sensors", "/sensors/new/", {"name": "Second", "site": "{site}", "transport": "http"}),
        ("operator_sites", "/sites/new/", {"name": "Second", "time_zone": "UTC", "day_starts_h": "0"}),
        ("operator_tokens", "/account/tokens/", {"label": "Second", "scope": "send", "life": "365"}),
        ("operator_tokens", "/sites/{site}/tokens/", {"label": "Second", "scope": "send", "life": "365"}),
        ("operator_uploads", "/sensors/{sensor}/import/", {"file": "{file}"}),
    ],
)
def test_form_says_the_limit(
    client: Client, cast: Cast, limited: Callable[..., None], limit: str, path: str, form: dict[str, str]
) -> None:
    client.force_login(cast.owner)
    issue_token(operator=cast.owner, label="1", now=datetime.now(UTC))
    FileImport.objects.create(operator=cast.owner, sensor=cast.sensor, file_name="b", began_at=datetime.now(UTC))
    limited(**{limit: 1})
    given: dict[str, Any] = {name: value.format(site=cast.site.uuid, file="") for name, value in form.items()}
    if "file" in form:
        given["file"] = SimpleUploadedFile("a.csv", b"time,temperature\n")

    answer = client.post(path.format(site=cast.site.uuid, sensor=cast.sensor.uuid), given)

    assert answer.status_code < 500
    assert "limited to 1, and 1 are used" in answer.text

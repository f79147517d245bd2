"""One tenant's writes stay out of what another tenant's look-ups read; the doors' own are in test_gateways.py."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.accounts.services import issue_token
from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.files.targets import BadTarget, site_of
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.services import create_site, update_sensor
from tests.clients import NOW, client_of
from tests.conftest import Cast


@pytest.fixture
def older(cast: Cast) -> Site:
    """The owner is an editor of a stranger's site that is older than their own."""
    Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.EDITOR)
    Site.objects.filter(pk=cast.other_site.pk).update(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    return cast.other_site


def test_a_new_sensor_without_a_site_is_registered_at_ones_own(cast: Cast, older: Site) -> None:
    by_api = client_of(cast.owner).post("/api/v1/sensors/", {"name": "secret lab"}).json()["site"]
    appid = issue_token(operator=cast.owner, label="", now=datetime.now(UTC)).text
    body = json.dumps({"external_id": "SF1", "name": "station"})
    Client().post(f"/data/3.0/stations?appid={appid}", body, content_type="application/json")
    told = StringIO()
    call_command("add_sensor", operator=cast.owner.email, name="by command", stdout=told)

    assert by_api == json.loads(told.getvalue())["site"] == str(cast.site.uuid)
    assert Sensor.objects.get(name="station").site == cast.site
    assert Sensor.objects.filter(site=older).count() == 1


def test_an_editor_of_others_only_gets_a_site_of_their_own(cast: Cast) -> None:
    made = client_of(cast.editor).post("/api/v1/sensors/", {"name": "secret lab"})

    site = Site.objects.get(uuid=made.json()["site"])
    assert queries.may_own(operator=cast.editor, site=site)


def test_the_name_of_a_site_means_ones_own(cast: Cast, older: Site) -> None:
    update = Site.objects.filter(pk=older.pk).update
    update(name=cast.site.name)

    assert site_of(cast.owner, cast.site.name) == site_of(cast.owner, "") == cast.site
    assert site_of(cast.owner, str(older.uuid)) == older
    update(name="Theirs")
    with pytest.raises(BadTarget):
        site_of(cast.owner, "Theirs")


def test_only_an_owner_moves_a_sensor_out_of_a_site(cast: Cast) -> None:
    private = create_site(by=cast.editor, now=NOW, name="Private")
    address = f"/api/v1/sensors/{cast.sensor.uuid}/"

    answer = client_of(cast.editor).patch(address, {"site": str(private.uuid)})
    page = Client()
    page.force_login(cast.editor)
    page.post(
        f"/sensors/{cast.sensor.uuid}/settings/", {"name": "Orchard station", "site": private.pk, "transport": "http"}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert Sensor.objects.get(pk=cast.sensor.pk).site == cast.site
    with pytest.raises(Refusal):
        update_sensor(by=cast.owner, sensor=cast.sensor, site=private)
    own = create_site(by=cast.owner, now=NOW, name="Second")
    assert update_sensor(by=cast.owner, sensor=cast.sensor, site=own).site == own

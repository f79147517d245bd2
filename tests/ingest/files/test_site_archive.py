"""A site's archive: what it contains and what not, and that another installation restores the same site from it."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import AsyncClient, Client

from sensorfusion.accounts.models import Role
from sensorfusion.readings.exclusions.services import exclude, restore
from sensorfusion.readings.models import Exclusion, Note, Reading
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.consoles.services import console_of, set_reading
from sensorfusion.sensors.models import Sensor, Site, Status
from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.naming.queries import fields_of
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.services import poll_of, save_poll
from sensorfusion.sensors.provisioning.attributes import attributes_of, set_shared
from sensorfusion.sensors.quality.services import own_checks, set_checks
from sensorfusion.sensors.services import add_sensor
from sensorfusion.sensors.sites.membership import members
from tests.conftest import PASSWORD, Cast
from tests.ingest.conftest import key_for
from tests.ingest.files.test_round_trip import store
from tests.readings.export.test_api import content

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
POLL = PollDetails(
    url="https://me:geheim@weather.test/now?appid=geheim#geheim",
    interval_s=300,
    fields="temperature = main.temp [K]",
    time_path="dt",
    headers="X-Key: geheim",
)
HOURS = [NOW - timedelta(hours=back, microseconds=back) for back in range(6, 0, -1)]


@pytest.fixture
def site(cast: Cast) -> Site:
    """A site with two sensors, one of them paused, with readings, checks and an exclusion."""
    sensor = cast.sensor
    key_for(sensor)
    Sensor.objects.filter(pk=sensor.pk).update(installed_on=date(2025, 3, 1), model="Vantage", elevation_m=114.5)
    store(sensor, {at: {"temperature": 1.5, "leaf_colour": "=green"} for at in HOURS})
    span = {"start": HOURS[1], "end": HOURS[3], "reason": "Mast down", "now": NOW}
    exclude(by=cast.owner, sensor=sensor, quantity="temperature", **span)  # type: ignore[arg-type]  # one dict for two
    restore(by=cast.owner, exclusion=exclude(by=cast.owner, sensor=sensor, **span), now=NOW)  # type: ignore[arg-type]
    note = {"kind": "moved", "text": "Two metres higher", "starts_at": HOURS[1], "ends_at": HOURS[3]}
    make_note(by=cast.owner, sensor=sensor, now=NOW, **note)
    make_note(by=cast.owner, sensor=sensor, now=NOW, text="Frost", starts_at=HOURS[4])
    set_checks(by=cast.owner, sensor=sensor, own={"temperature": {"step": None}}, now=NOW)
    set_reading(by=cast.owner, sensor=sensor, rain_gauge="piezo", field_units="metric_ms")
    set_shared(by=cast.owner, sensor=sensor, shared={"interval": 60, "led": False})
    save_poll(by=cast.owner, sensor=sensor, details=POLL, now=NOW)
    SourceField.objects.create(sensor=sensor, source="DS18B20-1.Temperature", quantity="temperature")
    paused = add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Attic").sensor
    store(paused, {HOURS[0]: {"humidity": 60}})
    Sensor.objects.filter(pk=paused.pk).update(status=Status.PAUSED)
    return cast.site


@pytest.fixture
def archive(site: Site, tmp_path: Path) -> Path:
    call_command("export_site", site.name, "--output", str(tmp_path / "orchard.zip"), stderr=io.StringIO())
    return tmp_path / "orchard.zip"


def bring(path: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    printed, said = io.StringIO(), io.StringIO()
    call_command("import_site", str(path), *arguments, stdout=printed, stderr=said)
    return json.loads(printed.getvalue()), said.getvalue()


def readings(sensor: Sensor) -> list[Any]:
    return list(Reading.objects.filter(sensor=sensor).order_by("observed_at").values_list("observed_at", "values"))


def test_the_manifest_counts_and_sums_every_file(archive: Path, site: Site) -> None:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        manifest = json.loads(opened.read("manifest.json"))
        names = set(opened.namelist())

    assert manifest["readings"] == 7
    assert names == {*manifest["files"], "manifest.json"}
    assert sorted(each["readings"] for name, each in manifest["files"].items() if name != "site.json") == [1, 6]


def test_no_secret_is_in_the_archive(archive: Path, cast: Cast) -> None:
    with zipfile.ZipFile(archive) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())

    assert b"owner@example.org" in everything
    for secret in (cast.owner.password, *cast.sensor.keys.values_list("prefix", flat=True)):
        assert secret.encode() not in everything
    assert b"geheim" not in everything
    for key in cast.sensor.keys.all():
        assert bytes(key.digest).hex().encode() not in everything


def test_another_installation_makes_the_same_of_it(archive: Path, cast: Cast, site: Site) -> None:
    made, said = bring(archive, "--operator", cast.outsider.email)

    copy = Site.objects.get(uuid=made["site"])
    assert copy.pk != site.pk
    for name in ("name", "time_zone", "latitude", "longitude", "elevation_m", "notice"):
        assert getattr(copy, name) == getattr(site, name)
    assert [(each.operator, each.role) for each in members(copy)] == [(cast.outsider, Role.OWNER)]
    for old in site.sensors.all():
        new = copy.sensors.get(name=old.name)
        assert new.uuid != old.uuid
        assert readings(new) == readings(old)
        for name in ("installed_on", "model", "elevation_m", "transport", "description", "status"):
            assert getattr(new, name) == getattr(old, name)
        assert own_checks(sensor=new) == own_checks(sensor=old)
    assert "2 sensors, 7 readings, 0 refused" in said
    assert all(each["key"] for each in made["sensors"])


def test_devices_are_set_up_as_they_were_and_asked_once_somebody_has_looked(archive: Path, cast: Cast) -> None:
    made, said = bring(archive, "--operator", cast.outsider.email)

    sensor = Sensor.objects.get(site__uuid=made["site"], name=cast.sensor.name)
    console, poll = console_of(sensor), poll_of(sensor)
    assert (console.rain_gauge, console.field_units, console.digest) == ("piezo", "metric_ms", None)
    assert attributes_of(sensor=sensor).shared == {"interval": 60, "led": False}
    assert list(fields_of(sensor).values_list("source", "quantity")) == [("DS18B20-1.Temperature", "temperature")]
    assert poll is not None
    assert (poll.url, poll.interval_s, poll.fields) == ("https://weather.test/now", 300, POLL.fields)
    assert (poll.time_path, poll.is_on) == ("dt", False)
    assert f"Polling of {sensor.name} is off: enter the secrets of its address" in said


def test_what_was_left_out_is_left_out_there_too(archive: Path, cast: Cast) -> None:
    made, _ = bring(archive, "--operator", cast.outsider.email)

    found = Exclusion.objects.filter(sensor__site__uuid=made["site"]).values_list(
        "quantity", "starts_at", "ends_at", "reason", "restored_at"
    )
    assert list(found) == [("temperature", HOURS[1], HOURS[3], "Mast down", None)]


def test_notes_are_there_too(archive: Path, cast: Cast) -> None:
    made, _ = bring(archive, "--operator", cast.outsider.email)

    found = Note.objects.filter(sensor__site__uuid=made["site"]).order_by("starts_at")
    assert list(found.values_list("kind", "text", "starts_at", "ends_at")) == [
        ("moved", "Two metres higher", HOURS[1], HOURS[3]),
        ("note", "Frost", HOURS[4], None),
    ]


def test_members_are_invited_where_that_is_asked_for(archive: Path, cast: Cast) -> None:
    cast.editor.email = "gone@example.org"
    cast.editor.save()

    made, said = bring(archive, "--operator", cast.outsider.email, "--members", "--name", "Copy")

    copy = Site.objects.get(uuid=made["site"])
    assert copy.name == "Copy"
    assert [(each.operator.email, each.role) for each in members(copy)] == [("outsider@example.org", Role.OWNER)]
    assert set(copy.invitations.values_list("email", "role")) == {
        ("owner@example.org", Role.OWNER),
        ("editor@example.org", Role.EDITOR),
        ("member@example.org", Role.VIEWER),
    }
    assert "members when they accept: " in said


def changed(path: Path, name: str, content: bytes) -> Path:
    """Write the archive again with another content of one file."""
    other = path.with_suffix(".other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return other


def test_an_archive_of_the_release_before_keeps_its_names(site: Site, archive: Path, cast: Cast) -> None:
    """Release 0.1 called a sensor's `names` its `paths`."""
    with zipfile.ZipFile(archive) as opened:
        described, manifest = (json.loads(opened.read(name)) for name in ("site.json", "manifest.json"))
    names = {"t": {"quantity": "temperature", "unit": "[degF]"}}
    for sensor in described["sensors"]:
        del sensor["names"]
        sensor["paths"] = names
    older = json.dumps(described).encode()
    manifest["files"]["site.json"]["sha256"] = hashlib.sha256(older).hexdigest()
    path = changed(changed(archive, "site.json", older), "manifest.json", json.dumps(manifest).encode())

    made, said = bring(path, "--operator", cast.outsider.email)

    assert [sensor.names for sensor in Site.objects.get(uuid=made["site"]).sensors.all()] == [names, names]
    assert "not known" not in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("site.json", b"{}", "not what the manifest says"),
        ("manifest.json", b"[]", "not a JSON object"),
        ("manifest.json", b"{}", "not an archive of a site"),
        ("manifest.json", b'{"format":"sensorfusion-site","version":2}', "of version 2"),
        (
            "manifest.json",
            b'{"format":"sensorfusion-site","version":1,"files":{"x":{"sha256":""}}}',
            "not an archive of",
        ),
    ],
)
def test_a_changed_archive_makes_nothing(archive: Path, cast: Cast, name: str, content: bytes, said: str) -> None:
    before = Site.objects.count()

    with pytest.raises(CommandError, match=said):
        bring(changed(archive, name, content), "--operator", cast.outsider.email)

    assert Site.objects.count() == before


def test_what_is_no_zip_is_refused_in_words(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"not a zip")

    for path, said in (("a.zip", "not an archive of a site"), ("b.zip", "cannot be read: No such file")):
        with pytest.raises(CommandError, match=said):
            bring(tmp_path / path, "--operator", cast.outsider.email)


# Download from the page


async def test_an_owner_saves_the_archive_from_the_page(site: Site, cast: Cast) -> None:
    client = AsyncClient()
    await client.aforce_login(cast.owner)

    response = await client.get(f"/sites/{site.uuid}/archive.zip")

    assert response["Content-Disposition"] == 'attachment; filename="Orchard.zip"'
    with zipfile.ZipFile(io.BytesIO(await content(response))) as opened:
        assert json.loads(opened.read("manifest.json"))["readings"] == 7


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("member", 403), ("outsider", 404)])
def test_only_owners_may_save_it(site: Site, cast: Cast, client: Client, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))

    assert client.get(f"/sites/{site.uuid}/archive.zip").status_code == status


@pytest.mark.parametrize(("who", "is_there"), [("owner", True), ("editor", False), ("member", False)])
def test_the_button_is_there_for_owners(cast: Cast, client: Client, who: str, is_there: bool) -> None:
    client.login(username=getattr(cast, who).email, password=PASSWORD)

    page = client.get(f"/sites/{cast.site.uuid}/settings/").content.decode()

    assert ("archive.zip" in page) is is_there

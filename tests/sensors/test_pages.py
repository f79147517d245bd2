"""The pages of sites, members, sensors and keys: their effects and permissions."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from sensorfusion.accounts.models import Invitation, Membership, Operator, Role
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.models import Key, Sensor, Site, Status
from sensorfusion.sensors.services import rotate_key
from tests.clients import let_go
from tests.conftest import Cast

SITE_FORM = {
    "name": "Old orchard",
    "time_zone": "Europe/Warsaw",
    "latitude": "52.3",
    "longitude": "21.0",
    "elevation_m": "",
    "notice": "",
}
SENSOR_FORM = {"name": "Mast", "description": "", "model": "", "transport": "http", "interval_s": "60"}
_LINK = re.compile(r'(?:href|action)="(/[^"#]*)')

# Every page and form of a site and a sensor: its URL, and the lowest role that may use it.
GETS = [
    ("/sites/{site}/settings/", Role.VIEWER),
    ("/sensors/{sensor}/settings/", Role.EDITOR),
    ("/sensors/{sensor}/start/", Role.EDITOR),
]
POSTS = [
    ("/sites/{site}/settings/", Role.EDITOR),
    ("/sites/{site}/delete/", Role.OWNER),
    ("/sites/{site}/members/", Role.OWNER),
    ("/sites/{site}/members/{member}/", Role.OWNER),
    ("/sites/{site}/members/{owner}/remove/", Role.OWNER),
    ("/sensors/{sensor}/settings/", Role.EDITOR),
    ("/sensors/{sensor}/status/", Role.EDITOR),
    ("/sensors/{sensor}/delete/", Role.EDITOR),
    ("/sensors/{sensor}/keys/", Role.EDITOR),
    ("/sensors/{sensor}/keys/{key}/revoke/", Role.EDITOR),
]
_RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}


def _address(template: str, cast: Cast) -> str:
    return template.format(
        site=cast.site.uuid,
        sensor=cast.sensor.uuid,
        member=cast.member.uuid,
        owner=cast.owner.uuid,
        key=_key(cast).pk,
    )


def _key(cast: Cast) -> Key:
    return rotate_key(by=cast.owner, sensor=cast.sensor, now=timezone.now()).key


def _as(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


@pytest.mark.parametrize(("template", "least"), GETS)
def test_pages_open_for_those_who_may(cast: Cast, template: str, least: Role) -> None:
    address = _address(template, cast)

    for operator, role in ((cast.member, Role.VIEWER), (cast.editor, Role.EDITOR), (cast.owner, Role.OWNER)):
        assert _as(operator).get(address).status_code == (200 if _RANK[role] >= _RANK[least] else 403)


@pytest.mark.parametrize(("template", "least"), POSTS)
def test_forms_are_refused_to_those_who_may_not(cast: Cast, template: str, least: Role) -> None:
    address = _address(template, cast)

    for operator, role in ((cast.member, Role.VIEWER), (cast.editor, Role.EDITOR)):
        if _RANK[role] < _RANK[least]:
            assert _as(operator).post(address).status_code == 403


@pytest.mark.parametrize(
    ("template", "method"), [(each, "get") for each, _ in GETS] + [(each, "post") for each, _ in POSTS]
)
def test_an_outsider_finds_nothing(cast: Cast, template: str, method: str) -> None:
    assert getattr(_as(cast.outsider), method)(_address(template, cast)).status_code == 404


@pytest.mark.parametrize("template", [each for each, _ in GETS])
def test_nobody_finds_anything_without_signing_in(client: Client, cast: Cast, template: str) -> None:
    assert client.get(_address(template, cast))["Location"].startswith("/sign-in/")


def test_an_address_that_never_was_looks_like_another_s(cast: Cast) -> None:
    assert _as(cast.outsider).get(f"/sensors/{uuid4()}/settings/").status_code == 404


@pytest.mark.parametrize("who", ["owner", "editor", "member", "outsider"])
def test_every_link_of_every_page_leads_somewhere(cast: Cast, who: str) -> None:
    client = _as(getattr(cast, who))
    seen, waiting = set[str](), ["/sensors/", "/account/"]

    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/static/", "/admin/", "/api/")) or address.startswith("/?"):
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 302), f"{address} answers {answer.status_code}"
        if answer.streaming:  # files contain no links
            let_go(answer)
        else:
            waiting += [link.replace("&amp;", "&") for link in _LINK.findall(answer.content.decode())]

    others = cast.other_sensor if who != "outsider" else cast.sensor
    assert f"/sensors/{others.uuid}/" not in seen
    assert "/account/" in seen


def test_the_list_shows_one_s_own_sensors_only(cast: Cast) -> None:
    page = _as(cast.member).get("/sensors/").content.decode()

    assert "Orchard station" in page
    assert "Harbour" not in page
    assert f"/sensors/{cast.sensor.uuid}/settings/" not in page


def test_the_list_costs_the_same_however_many_sensors_there_are(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = _as(cast.owner)
    client.get("/sensors/")
    Sensor.objects.bulk_create(Sensor(site=cast.site, name=f"Probe {number}") for number in range(20))

    # Session, operator, sites, sensors, unknown names, offers, 3 of the switcher, alerts, announcements.
    with django_assert_num_queries(11):
        client.get("/sensors/")


# Sites


def test_a_site_is_made_by_whoever_wants_one(cast: Cast) -> None:
    _as(cast.member).post("/sites/new/", SITE_FORM)

    site = Site.objects.get(name="Old orchard")
    assert Membership.objects.get(site=site).operator == cast.member
    assert (site.latitude, site.longitude) == (52.3, 21.0)


def test_a_site_is_changed(cast: Cast) -> None:
    _as(cast.editor).post(f"/sites/{cast.site.uuid}/settings/", SITE_FORM)

    cast.site.refresh_from_db()
    assert (cast.site.name, cast.site.longitude) == ("Old orchard", 21.0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"time_zone": "Middle/Earth"}, "There is no such time zone."),
        ({"latitude": "91"}, "Latitude is at most 90."),
        ({"name": ""}, "Name is missing."),
        ({"longitude": ""}, "Longitude is missing: enter both, or leave both empty."),
    ],
)
def test_a_site_that_cannot_be_says_why_and_stays(cast: Cast, changed: dict[str, str], words: str) -> None:
    answer = _as(cast.owner).post(f"/sites/{cast.site.uuid}/settings/", SITE_FORM | changed)

    cast.site.refresh_from_db()
    assert cast.site.name == "Orchard"
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "<h1>Orchard</h1>" in answer.content.decode()


def test_a_notice_is_shown_as_text(cast: Cast) -> None:
    client = _as(cast.owner)

    client.post(f"/sites/{cast.site.uuid}/settings/", SITE_FORM | {"notice": "<b>Mast down</b>"})

    assert "&lt;b&gt;Mast down" in client.get(f"/sites/{cast.site.uuid}/settings/").content.decode()


def test_a_site_goes_when_its_name_is_typed(cast: Cast) -> None:
    client = _as(cast.owner)

    kept = client.post(f"/sites/{cast.site.uuid}/delete/", {"typed": "orchard"})
    gone = client.post(f"/sites/{cast.site.uuid}/delete/", {"typed": "Orchard"})

    assert (kept.status_code, gone["Location"]) == (400, "/sensors/")
    assert not Site.objects.filter(pk=cast.site.pk).exists()


# Members


def test_a_member_is_invited(cast: Cast) -> None:
    _as(cast.owner).post(f"/sites/{cast.site.uuid}/members/", {"email": "Outsider@example.org", "role": "editor"})

    assert not Membership.objects.filter(site=cast.site, operator=cast.outsider).exists()
    assert Invitation.objects.get(site=cast.site).email_key == "outsider@example.org"


@pytest.mark.parametrize(
    ("email", "words"),
    [("ſusan@example.org", "no accents"), ("member@example.org", "a member of this site already")],
)
def test_a_member_who_cannot_be_added_is_explained(cast: Cast, email: str, words: str) -> None:
    answer = _as(cast.owner).post(f"/sites/{cast.site.uuid}/members/", {"email": email, "role": "viewer"})

    assert words in answer.content.decode()


def test_a_member_gets_another_role(cast: Cast) -> None:
    _as(cast.owner).post(f"/sites/{cast.site.uuid}/members/{cast.member.uuid}/", {"role": "editor"})

    assert Membership.objects.get(site=cast.site, operator=cast.member).role == Role.EDITOR


def test_the_last_owner_stays_one(cast: Cast) -> None:
    client = _as(cast.owner)
    address = f"/sites/{cast.site.uuid}/members/{cast.owner.uuid}/"

    changed = client.post(address, {"role": "viewer"}, follow=True)
    left = client.post(f"{address}remove/", follow=True)

    assert Membership.objects.get(site=cast.site, operator=cast.owner).role == Role.OWNER
    assert "A site needs an owner." in changed.content.decode()
    assert "A site needs an owner." in left.content.decode()


def test_a_member_is_removed_by_an_owner(cast: Cast) -> None:
    _as(cast.owner).post(f"/sites/{cast.site.uuid}/members/{cast.member.uuid}/remove/")

    assert not Membership.objects.filter(site=cast.site, operator=cast.member).exists()


def test_a_viewer_leaves_by_themselves(cast: Cast) -> None:
    answer = _as(cast.member).post(f"/sites/{cast.site.uuid}/members/{cast.member.uuid}/remove/")

    assert answer["Location"] == "/sensors/"
    assert not Membership.objects.filter(site=cast.site, operator=cast.member).exists()


def test_who_is_no_member_cannot_be_changed(cast: Cast) -> None:
    assert (
        _as(cast.owner).post(f"/sites/{cast.site.uuid}/members/{cast.outsider.uuid}/", {"role": "viewer"}).status_code
        == 404
    )


# Sensors


def test_a_sensor_is_registered_and_its_key_shown_once(cast: Cast) -> None:
    client = _as(cast.editor)

    answer = client.post("/sensors/new/", {"name": "Greenhouse", "site": str(cast.site.uuid)})
    first, second = client.get(answer["Location"]), client.get(answer["Location"])

    sensor = Sensor.objects.get(name="Greenhouse")
    key = first.context["new_key"]
    assert answer["Location"] == f"/sensors/{sensor.uuid}/start/"
    assert sensor.site == cast.site
    assert key.startswith(Key.objects.get(sensor=sensor).prefix)
    assert f"Authorization: Bearer <mark>{key}</mark>" in first.content.decode()
    assert key not in second.content.decode()
    assert key not in str(client.session.items())
    assert "The key is shown only once." in second.content.decode()


def test_a_sensor_is_registered_at_a_new_site(cast: Cast) -> None:
    given = {
        "name": "Probe",
        "site": "new",
        "site_name": "Lab",
        "time_zone": "Asia/Tokyo",
        "latitude": "35.7",
        "longitude": "139.7",
    }

    _as(cast.member).post("/sensors/new/", given)

    site = Site.objects.get(name="Lab")
    assert (site.time_zone, site.latitude, site.longitude) == ("Asia/Tokyo", 35.7, 139.7)
    sensor = Sensor.objects.get(name="Probe")
    assert (sensor.site, sensor.latitude) == (site, None)


def test_a_sensor_at_a_site_that_exists_has_its_own_place_or_none(cast: Cast) -> None:
    client, site = _as(cast.editor), str(cast.site.uuid)

    client.post("/sensors/new/", {"name": "Far", "site": site, "latitude": "35.7", "longitude": "-139.7"})
    client.post("/sensors/new/", {"name": "Near", "site": site, "latitude": "", "longitude": ""})

    far, near = Sensor.objects.get(name="Far"), Sensor.objects.get(name="Near")
    assert (far.latitude, far.longitude) == (35.7, -139.7)
    assert (near.latitude, near.longitude) == (None, None)


@pytest.mark.parametrize("site", ["old", "new"])
def test_half_a_place_of_a_new_sensor_is_refused_at_its_field(cast: Cast, site: str) -> None:
    new = {"site": "new", "site_name": "Lab", "time_zone": "UTC"}
    given = {"name": "Probe", "latitude": "35.7", **(new if site == "new" else {"site": str(cast.site.uuid)})}

    answer = _as(cast.editor).post("/sensors/new/", given)

    assert 'id="id_longitude_error">Longitude is missing: enter both, or leave both empty.' in answer.content.decode()
    assert not Sensor.objects.filter(name="Probe").exists()
    assert not Site.objects.filter(name="Lab").exists()


def test_every_form_of_a_place_has_the_outline_after_its_fields(cast: Cast) -> None:
    client = _as(cast.owner)
    pages = (
        "/sensors/new/",
        "/sites/new/",
        f"/sites/{cast.site.uuid}/settings/",
        f"/sensors/{cast.sensor.uuid}/settings/",
    )

    for path in pages:
        text = client.get(path).content.decode()
        assert text.index('name="longitude"') < text.index("data-place hidden"), path
        assert "css/place" in text, path


def test_a_sensor_that_cannot_be_registered_leaves_no_site_behind(cast: Cast) -> None:
    given = {"name": "Probe", "site": "new", "site_name": "Lab", "time_zone": "Middle/Earth"}

    answer = _as(cast.owner).post("/sensors/new/", given)

    assert "There is no such time zone." in answer.content.decode()
    assert not Site.objects.filter(name="Lab").exists()


def test_a_new_site_needs_a_name(cast: Cast) -> None:
    answer = _as(cast.owner).post("/sensors/new/", {"name": "Probe", "site": "new"})

    assert answer.content.decode().count("Required for a new site.</p>") == 2


@pytest.mark.parametrize("who", ["outsider", "member"])
def test_nobody_registers_at_a_site_that_they_may_not_change(cast: Cast, who: str) -> None:
    client = _as(getattr(cast, who))

    answer = client.post("/sensors/new/", {"name": "Spy", "site": str(cast.site.uuid)})

    assert answer.status_code == 200
    assert not Sensor.objects.filter(name="Spy").exists()
    assert ">Orchard</option>" not in client.get("/sensors/new/").content.decode()


def test_two_sensors_of_a_site_have_two_names(cast: Cast) -> None:
    answer = _as(cast.owner).post("/sensors/new/", {"name": "Orchard station", "site": str(cast.site.uuid)})

    assert "The site has a sensor of this name already." in answer.content.decode()


def test_a_sensor_is_changed(cast: Cast) -> None:
    answer = _as(cast.editor).post(
        f"/sensors/{cast.sensor.uuid}/settings/",
        SENSOR_FORM | {"site": str(cast.site.pk), "installed_on": "2026-03-01"},
    )

    cast.sensor.refresh_from_db()
    assert answer.status_code == 302
    assert (cast.sensor.name, cast.sensor.interval_s, str(cast.sensor.installed_on)) == ("Mast", 60, "2026-03-01")


def test_a_sensor_that_cannot_be_says_why_and_stays(cast: Cast) -> None:
    Sensor.objects.create(site=cast.site, name="Mast")

    answer = _as(cast.editor).post(f"/sensors/{cast.sensor.uuid}/settings/", SENSOR_FORM | {"site": str(cast.site.pk)})

    assert "The site has a sensor of this name already." in answer.content.decode()
    assert '<p class="name"><bdi>Orchard station</bdi></p>' in answer.content.decode()


def test_a_sensor_moves_to_sites_that_one_may_change_only(cast: Cast) -> None:
    client = _as(cast.owner)
    address = f"/sensors/{cast.sensor.uuid}/settings/"
    own = Site.objects.create(name="Own")
    Membership.objects.create(site=own, operator=cast.owner, role=Role.OWNER)

    refused = client.post(address, SENSOR_FORM | {"site": str(cast.other_site.pk)})
    client.post(address, SENSOR_FORM | {"site": str(own.pk)})

    cast.sensor.refresh_from_db()
    assert refused.status_code == 400
    assert cast.sensor.site == own


def test_a_sensor_is_paused_and_resumed(cast: Cast) -> None:
    client = _as(cast.editor)
    address = f"/sensors/{cast.sensor.uuid}/status/"

    client.post(address, {"to": "paused"})
    paused = Sensor.objects.get(pk=cast.sensor.pk).status
    client.post(address, {"to": "active"})

    assert paused == Status.PAUSED
    assert Sensor.objects.get(pk=cast.sensor.pk).status == Status.PENDING


def test_a_sensor_goes_when_its_name_is_typed(cast: Cast) -> None:
    client = _as(cast.editor)
    address = f"/sensors/{cast.sensor.uuid}/delete/"

    kept = client.post(address, {"typed": "Orchard"})
    client.post(address, {"typed": "Orchard station"})

    assert kept.status_code == 400
    assert not Sensor.objects.filter(pk=cast.sensor.pk).exists()


# Keys


def test_another_key_is_shown_once_and_the_old_one_works_on(cast: Cast) -> None:
    old = _key(cast)
    client = _as(cast.editor)

    client.post(f"/sensors/{cast.sensor.uuid}/keys/")
    page = client.get(f"/sensors/{cast.sensor.uuid}/keys/")

    new = page.context["new_key"]
    assert new in page.content.decode()
    assert new not in client.get(f"/sensors/{cast.sensor.uuid}/keys/").content.decode()
    assert set(page.context["keys"]) == {old, Key.objects.get(prefix=new.partition("-")[0])}


def test_another_key_ends_the_others_at_once_if_asked(cast: Cast) -> None:
    old = _key(cast)

    _as(cast.editor).post(f"/sensors/{cast.sensor.uuid}/keys/", {"revoke_old": "on"})

    old.refresh_from_db()
    assert old.revoked_at is not None
    assert Key.objects.filter(sensor=cast.sensor, revoked_at=None).count() == 1


def test_another_key_made_while_connecting_leads_back_there(cast: Cast) -> None:
    answer = _as(cast.editor).post(f"/sensors/{cast.sensor.uuid}/keys/", {"back": "start"})

    assert answer["Location"] == f"/sensors/{cast.sensor.uuid}/start/"


def test_a_key_is_revoked_once(cast: Cast) -> None:
    key, client = _key(cast), _as(cast.editor)
    address = f"/sensors/{cast.sensor.uuid}/keys/{key.pk}/revoke/"

    first, second = client.post(address, follow=True), client.post(address, follow=True)

    key.refresh_from_db()
    assert key.revoked_at is not None
    assert f"The key {key.prefix}… is revoked" in first.content.decode()
    assert "This key was revoked already" in second.content.decode()


def test_a_key_is_revoked_at_its_own_sensor_only(cast: Cast) -> None:
    foreign = Key.objects.create(sensor=cast.other_sensor, prefix="sf_other", digest=b"x" * 32)

    answer = _as(cast.owner).post(f"/sensors/{cast.sensor.uuid}/keys/{foreign.pk}/revoke/")

    foreign.refresh_from_db()
    assert answer.status_code == 404
    assert foreign.revoked_at is None


# From a key to the first reading


def test_the_examples_name_the_public_address(cast: Cast, settings: Settings) -> None:
    client, address = _as(cast.owner), f"/sensors/{cast.sensor.uuid}/start/"
    here = client.get(address).content.decode()
    settings.PUBLIC_URL = "https://sensors.example.org"

    assert "curl http://testserver/api/v1/readings" in here
    assert "curl https://sensors.example.org/api/v1/readings" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "This server is not connected to an MQTT broker."),
        ("mqtt://sensorfusion:secret@mosquitto", "mosquitto_pub -h testserver -p 1883 -q 1 "),
        ("mqtts://sensorfusion:secret@broker.example.org", "mosquitto_pub -h broker.example.org -p 8883 -q 1 --tls"),
    ],
)
def test_the_mqtt_example_names_the_broker_as_devices_reach_it(
    cast: Cast, settings: Settings, url: str, said: str
) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mqtt_url=url)

    page = _as(cast.owner).get(f"/sensors/{cast.sensor.uuid}/start/").content.decode()

    assert said in page
    assert f"sf/v1/{cast.sensor.uuid}/readings" in page
    assert "secret@" not in page


def test_the_page_listens_until_the_first_reading(cast: Cast) -> None:
    client, address = _as(cast.owner), f"/sensors/{cast.sensor.uuid}/start/"
    before = client.get(address).content.decode()
    now = timezone.now()
    SensorState.objects.create(
        sensor=cast.sensor, seq=1, observed_at=now, received_at=now, values={"temperature": 18.4, "leaf_colour": "red"}
    )

    after = client.get(address).content.decode()

    assert 'data-state="waiting">' in before
    assert 'data-state="arrived" data-known>' in after
    assert '<span data-fact="found">Temperature, Leaf colour</span>' in after


def test_old_readings_that_came_just_now_do_not_make_a_sensor_live(cast: Cast) -> None:
    now = timezone.now()
    SensorState.objects.create(sensor=cast.sensor, seq=1, observed_at=now - timedelta(hours=3), received_at=now)

    listed = _as(cast.owner).get("/sensors/").content.decode()

    assert ">No data since " in listed
    assert f'<a href="/sensors/{cast.sensor.uuid}/" data-state="offline">' in listed  # in the switcher


def test_the_scripts_are_told_which_sensor_to_watch(cast: Cast) -> None:
    page = _as(cast.owner).get(f"/sensors/{cast.sensor.uuid}/start/").context["page"]

    assert UUID(page["sensors"][0]["sensor"]) == cast.sensor.uuid
    assert page["sensors"][0]["state"] == "pending"
    assert page["now"].endswith("Z")
    assert (page["sensors"][0]["seq"], page["sensors"][0]["received_at"]) == (0, None)

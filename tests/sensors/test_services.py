import math
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from sensorfusion.accounts.models import ApiToken, Membership, Operator, Role
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors import queries, services
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Key, Sensor, Site, Status
from tests.announced import announced
from tests.clients import NOW
from tests.conftest import PASSWORD, Cast

Write = Callable[[Operator, Cast], Any]


def key_of(cast: Cast) -> Key:
    return services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key


EDITORS_WRITE: dict[str, Write] = {
    "update_site": lambda by, cast: services.update_site(by=by, site=cast.site, notice="Closed"),
    "add_sensor": lambda by, cast: services.add_sensor(by=by, site=cast.site, now=NOW, name="Cellar"),
    "update_sensor": lambda by, cast: services.update_sensor(by=by, sensor=cast.sensor, name="Renamed"),
    "pause": lambda by, cast: services.pause(by=by, sensor=cast.sensor),
    "resume": lambda by, cast: services.resume(by=by, sensor=cast.sensor),
    "delete_sensor": lambda by, cast: services.delete_sensor(by=by, sensor=cast.sensor),
    "rotate_key": lambda by, cast: services.rotate_key(by=by, sensor=cast.sensor, now=NOW, revoke_old=True),
    "revoke_key": lambda by, cast: services.revoke_key(by=by, key=key_of(cast), now=NOW),
}
OWNERS_WRITE: dict[str, Write] = {"delete_site": lambda by, cast: services.delete_site(by=by, site=cast.site)}


@pytest.mark.parametrize("who", ["owner", "editor"])
@pytest.mark.parametrize("write", EDITORS_WRITE.values(), ids=EDITORS_WRITE)
def test_owners_and_editors_may(cast: Cast, write: Write, who: str) -> None:
    write(getattr(cast, who), cast)


@pytest.mark.parametrize("who", ["member", "outsider"])
@pytest.mark.parametrize("write", EDITORS_WRITE.values(), ids=EDITORS_WRITE)
def test_viewers_and_outsiders_may_not(cast: Cast, write: Write, who: str) -> None:
    with pytest.raises(Refusal) as refusal:
        write(getattr(cast, who), cast)

    assert (refusal.value.code, refusal.value.status) == ("not_allowed", 403)
    cast.sensor.refresh_from_db()
    assert (cast.sensor.name, cast.sensor.status) == ("Orchard station", Status.ACTIVE)
    assert Sensor.objects.filter(site=cast.site).count() == 1


@pytest.mark.parametrize("who", ["editor", "member", "outsider"])
@pytest.mark.parametrize("write", OWNERS_WRITE.values(), ids=OWNERS_WRITE)
def test_only_owners_may(cast: Cast, write: Write, who: str) -> None:
    with pytest.raises(Refusal):
        write(getattr(cast, who), cast)

    assert Site.objects.filter(pk=cast.site.pk).exists()


@pytest.mark.parametrize("name", [*EDITORS_WRITE, *OWNERS_WRITE])
def test_every_write_is_announced_for_its_sensor(cast: Cast, name: str) -> None:
    sensor = cast.sensor.pk

    with announced() as heard:
        {**EDITORS_WRITE, **OWNERS_WRITE}[name](cast.owner, cast)

    kinds = {kind for kind, _ in heard}
    assert kinds & {"SensorChanged", "KeyChanged"}
    if name != "add_sensor":
        assert all(fields["sensor"] == sensor for _, fields in heard if "sensor" in fields)


# Accounts


def test_registering_makes_an_operator_who_owns_a_first_site(db: None) -> None:
    operator, site = services.register(email="ada@example.org", password="analytical engine", now=NOW)

    assert site.name == "My site"
    assert queries.role_at(operator=operator, site=site) is Role.OWNER


def test_registering_with_an_unknown_time_zone_makes_nothing(db: None) -> None:
    with pytest.raises(Refusal):
        services.register(email="ada@example.org", password="analytical engine", now=NOW, time_zone="Nowhere")

    assert not Operator.objects.exists()


def test_closing_an_account_leaves_shared_sites_to_the_others(cast: Cast) -> None:
    own = services.create_site(by=cast.member, now=NOW, name="Balcony")

    with announced() as heard:
        services.close_account(operator=cast.member, password=PASSWORD)

    assert not Site.objects.filter(pk=own.pk).exists()
    assert Site.objects.filter(pk=cast.site.pk).exists()
    assert not ApiToken.objects.exists()
    assert heard[-1][0] == "AccessChanged"


def test_only_owner_of_a_shared_site_cannot_close_the_account(cast: Cast) -> None:
    own = services.create_site(by=cast.owner, now=NOW, name="Balcony")

    with pytest.raises(Refusal) as refusal:
        services.close_account(operator=cast.owner, password=PASSWORD)

    assert refusal.value.code == "last_owner"
    assert "Orchard" in refusal.value.detail
    assert Site.objects.filter(pk=own.pk).exists()
    assert Operator.objects.filter(pk=cast.owner.pk).exists()


# Sites


def test_whoever_makes_a_site_owns_it_and_sees_it_at_once(cast: Cast) -> None:
    with announced() as heard:
        site = services.create_site(by=cast.outsider, now=NOW, name="Hut", time_zone="Europe/Oslo", elevation_m=-3.5)

    assert queries.role_at(operator=cast.outsider, site=site) is Role.OWNER
    assert heard == [("AccessChanged", {"operator": cast.outsider.pk})]
    assert queries.role_at(operator=cast.owner, site=site) is None


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "europe/warsaw", "posix/UTC", "localtime", "/etc/passwd"])
def test_time_zone_that_does_not_exist_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Refusal) as refusal:
        services.update_site(by=cast.owner, site=cast.site, time_zone=name)

    assert (refusal.value.code, refusal.value.field) == ("unknown_time_zone", "time_zone")


@pytest.mark.parametrize("changes", [{"latitude": 90.5}, {"longitude": -181.0}, {"name": ""}, {"name": "x" * 101}])
def test_site_that_cannot_be_is_refused(cast: Cast, changes: Any) -> None:
    with pytest.raises(ValidationError):
        services.update_site(by=cast.owner, site=cast.site, **changes)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_elevation_must_be_finite(cast: Cast, value: float) -> None:
    with pytest.raises(Refusal) as refusal:
        services.create_site(by=cast.owner, now=NOW, name="Hut", elevation_m=value)

    assert (refusal.value.code, refusal.value.field) == ("not_finite", "elevation_m")


def test_deleting_a_site_ends_what_its_members_see(cast: Cast) -> None:
    with announced() as heard:
        services.delete_site(by=cast.owner, site=cast.site)

    told = {fields["operator"] for kind, fields in heard if kind == "AccessChanged"}
    assert told == {cast.owner.pk, cast.editor.pk, cast.member.pk}
    assert list(Sensor.objects.all()) == [cast.other_sensor]


# Sensors


def test_new_sensor_is_pending_and_has_a_key(cast: Cast) -> None:
    issued = services.add_sensor(by=cast.editor, site=cast.site, now=NOW, name="Cellar", transport="mqtt")

    assert issued.sensor.status == Status.PENDING
    assert issued.sensor.created_at == NOW
    assert issued.key.prefix == issued.text[:11]
    assert issued.text not in repr(issued)


def test_key_is_stored_only_as_a_hash(cast: Cast) -> None:
    issued = services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Cellar")

    secret = issued.text.removeprefix(issued.key.prefix + "-")
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, sensors_key::text FROM sensors_key WHERE id = %s", [issued.key.pk])
        stored, row = cursor.fetchone()
        cursor.execute("SELECT sensors_sensor::text FROM sensors_sensor WHERE id = %s", [issued.sensor.pk])
        sensor_row = cursor.fetchone()[0]
    assert bytes(stored) == digest(issued.text)
    for text in (row, sensor_row):
        assert secret not in text
        assert secret.encode().hex() not in text


def test_name_is_taken_once_per_site(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Orchard station")
    services.create_site(by=cast.owner, now=NOW, name="Balcony")

    assert (refusal.value.code, refusal.value.field) == ("name_taken", "name")
    other = services.add_sensor(by=cast.outsider, site=cast.other_site, now=NOW, name="Orchard station").sensor

    assert other.site == cast.other_site


@pytest.mark.parametrize("changes", [{"latitude": 91.0}, {"interval_s": 0.0}, {"transport": "pigeon"}, {"name": ""}])
def test_sensor_that_cannot_be_is_refused(cast: Cast, changes: Any) -> None:
    with pytest.raises(ValidationError):
        services.update_sensor(by=cast.owner, sensor=cast.sensor, **changes)


def test_moving_a_sensor_is_announced_at_both_sites(cast: Cast) -> None:
    balcony = services.create_site(by=cast.owner, now=NOW, name="Balcony")

    with announced() as heard:
        services.update_sensor(by=cast.owner, sensor=cast.sensor, site=balcony)

    assert [fields["site"] for kind, fields in heard if kind == "SensorChanged"] == [cast.site.pk, balcony.pk]
    assert queries.sensor_for(operator=cast.member, uuid=cast.sensor.uuid) is None


def test_sensor_is_not_moved_to_a_site_where_one_may_only_look(cast: Cast) -> None:
    Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.VIEWER)

    with pytest.raises(Refusal):
        services.update_sensor(by=cast.owner, sensor=cast.sensor, site=cast.other_site)

    cast.sensor.refresh_from_db()
    assert cast.sensor.site == cast.site


@pytest.mark.parametrize(("received_at", "status"), [(NOW, Status.ACTIVE), (None, Status.PENDING)])
def test_resumed_sensor_is_what_it_was(cast: Cast, received_at: Any, status: Status) -> None:
    SensorState.objects.create(sensor=cast.sensor, received_at=received_at)
    services.pause(by=cast.owner, sensor=cast.sensor)

    services.resume(by=cast.owner, sensor=cast.sensor)

    cast.sensor.refresh_from_db()
    assert cast.sensor.status == status


def test_change_of_a_name_keeps_a_status_that_changed_meanwhile(cast: Cast) -> None:
    read_before = Sensor.objects.get(pk=cast.sensor.pk)
    services.pause(by=cast.owner, sensor=cast.sensor)

    services.update_sensor(by=cast.owner, sensor=read_before, name="Renamed")

    assert Sensor.objects.get(pk=cast.sensor.pk).status == Status.PAUSED


# Keys


def test_old_key_works_on_after_rotation(cast: Cast) -> None:
    old = key_of(cast)

    new = services.rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW)

    old.refresh_from_db()
    assert old.revoked_at is None
    assert new.key.revoked_at is None


def test_rotation_revokes_the_old_keys_when_asked(cast: Cast) -> None:
    old, others = key_of(cast), services.rotate_key(by=cast.outsider, sensor=cast.other_sensor, now=NOW).key

    with announced() as heard:
        new = services.rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW, revoke_old=True)

    old.refresh_from_db()
    others.refresh_from_db()
    assert (old.revoked_at, new.key.revoked_at, others.revoked_at) == (NOW, None, None)
    assert ("KeyChanged", {"sensor": cast.sensor.pk}) in heard


def test_key_is_revoked_once_and_for_good(cast: Cast) -> None:
    key = key_of(cast)
    services.revoke_key(by=cast.editor, key=key, now=NOW)

    with pytest.raises(Refusal) as refusal:
        services.revoke_key(by=cast.editor, key=key, now=NOW)

    assert refusal.value.code == "key_already_revoked"
    key.refresh_from_db()
    assert key.revoked_at == NOW


@pytest.mark.parametrize("half", [{"latitude": 52.2}, {"longitude": 21.0}])
def test_half_a_place_is_refused(cast: Cast, half: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="is missing: enter both"):
        services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Half", **half)
    with pytest.raises(ValidationError, match="is missing: enter both"):
        services.create_site(by=cast.owner, now=NOW, name="Half", time_zone="UTC", **half)


def test_half_a_place_of_earlier_does_not_prevent_other_changes(cast: Cast) -> None:
    Sensor.objects.filter(pk=cast.sensor.pk).update(latitude=52.2, longitude=None)
    cast.sensor.refresh_from_db()

    services.update_sensor(by=cast.owner, sensor=cast.sensor, description="On the mast.")

    with pytest.raises(ValidationError, match="Longitude is missing"):
        services.update_sensor(by=cast.owner, sensor=cast.sensor, latitude=52.3)

from typing import Any
from uuid import uuid4

import pytest

from sensorfusion.accounts.limits import Limits
from sensorfusion.accounts.models import Operator, Role, TokenScope
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors import queries, services
from sensorfusion.sensors.models import Sensor
from tests.clients import NOW
from tests.conftest import Cast

PEOPLE = ("owner", "editor", "member")


@pytest.mark.parametrize("who", PEOPLE)
def test_members_see_their_site_and_its_sensors_only(cast: Cast, who: str) -> None:
    operator = getattr(cast, who)

    assert list(queries.visible_sites(operator)) == [cast.site]
    assert list(queries.visible_sensors(operator)) == [cast.sensor]
    assert queries.sensor_for(operator=operator, uuid=cast.sensor.uuid) == cast.sensor
    assert queries.site_for(operator=operator, uuid=cast.site.uuid) == cast.site


def test_outsider_sees_nothing_of_it(cast: Cast) -> None:
    assert list(queries.visible_sites(cast.outsider)) == [cast.other_site]
    assert list(queries.visible_sensors(cast.outsider)) == [cast.other_sensor]
    assert queries.sensor_for(operator=cast.outsider, uuid=cast.sensor.uuid) is None
    assert queries.site_for(operator=cast.outsider, uuid=cast.site.uuid) is None
    assert queries.role_at(operator=cast.outsider, site=cast.site) is None


def test_superuser_sees_no_more_than_any_operator(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.outsider.pk).update(is_superuser=True, is_staff=True)
    admin = Operator.objects.get(pk=cast.outsider.pk)

    assert list(queries.visible_sensors(admin)) == [cast.other_sensor]
    assert not queries.may_edit(operator=admin, site=cast.site)


def test_account_that_is_off_sees_nothing(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.owner.pk).update(is_active=False)

    assert not queries.visible_sites(cast.owner).exists()
    assert not queries.visible_sensors(cast.owner).exists()
    assert queries.role_at(operator=cast.owner, site=cast.site) is None


def test_unknown_sensor_is_none(cast: Cast) -> None:
    assert queries.sensor_for(operator=cast.owner, uuid=uuid4()) is None


@pytest.mark.parametrize(
    ("who", "role", "edits", "owns"),
    [
        ("owner", Role.OWNER, True, True),
        ("editor", Role.EDITOR, True, False),
        ("member", Role.VIEWER, False, False),
        ("outsider", None, False, False),
    ],
)
def test_roles_and_what_they_may_do(cast: Cast, who: str, role: Role | None, edits: bool, owns: bool) -> None:
    operator = getattr(cast, who)

    assert queries.role_at(operator=operator, site=cast.site) is role
    assert queries.may_edit(operator=operator, site=cast.site) is edits
    assert queries.may_own(operator=operator, site=cast.site) is owns
    assert list(queries.editable_sites(operator)) == (
        [cast.site] if edits else [cast.other_site] if role is None else []
    )


@pytest.mark.parametrize(("who", "edits"), [("owner", True), ("editor", True), ("member", False)])
def test_a_sensor_comes_with_the_readers_own_right(cast: Cast, who: str, edits: bool) -> None:
    assert queries.sensor_and_right(operator=getattr(cast, who), uuid=cast.sensor.uuid) == (cast.sensor, edits)


def test_an_outsider_has_no_right_to_a_sensor(cast: Cast) -> None:
    assert queries.sensor_and_right(operator=cast.outsider, uuid=cast.sensor.uuid) is None


def test_sites_come_with_role_and_count_of_sensors(cast: Cast) -> None:
    services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Cellar")
    empty = services.create_site(by=cast.member, now=NOW, name="Balcony")

    found: list[Any] = list(queries.sites_with_role(cast.member))

    listed = {site.name: (site.role, site.sensor_count) for site in found}
    assert listed == {"Orchard": (Role.VIEWER, 2), empty.name: (Role.OWNER, 0)}


def test_sensors_come_with_when_anything_last_came_in(cast: Cast) -> None:
    services.add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Silent")
    SensorState.objects.create(sensor=cast.sensor, received_at=NOW)

    found: list[Any] = list(queries.sensors_with_last_seen(cast.member))

    assert [(sensor.name, sensor.last_seen) for sensor in found] == [("Orchard station", NOW), ("Silent", None)]


def test_keys_come_newest_first_and_without_their_digest(cast: Cast) -> None:
    first = services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key
    second = services.rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key

    listed = list(queries.keys_of(cast.sensor))

    assert listed == [second, first]
    assert all("digest" in key.get_deferred_fields() for key in listed)


def test_lists_have_the_sensors_that_one_may_see_with_their_sites(cast: Cast) -> None:
    for who in PEOPLE:
        (found,) = queries.sensors_by_site(getattr(cast, who))
        assert (found.sensor, found.sensor.site, found.place) == (cast.sensor, cast.site, 1)
    assert [each.sensor for each in queries.sensors_by_name(cast.outsider, most=5)] == [cast.other_sensor]


def test_a_token_of_other_sites_lists_nothing(cast: Cast) -> None:
    cast.owner.limits = Limits(TokenScope.READ, frozenset({cast.other_site.pk}), NOW)

    assert queries.sensors_by_site(cast.owner) == []
    assert queries.sensors_by_name(cast.owner, most=5) == []


def test_lists_are_ordered_as_those_of_the_orm(cast: Cast) -> None:
    shed = services.create_site(by=cast.owner, now=NOW, name="A shed")
    for site, name in ((shed, "Zebra"), (cast.site, "Älg"), (shed, "orchard pump"), (shed, "Orchard station")):
        Sensor.objects.create(site=site, name=name)
    seen = queries.visible_sensors(cast.owner)

    listed = queries.sensors_by_site(cast.owner)

    assert [each.sensor for each in listed] == list(seen.order_by("site__name", "name", "id"))
    by_name = [each.sensor for each in sorted(listed, key=lambda each: each.place)]
    assert by_name == list(seen.order_by("name", "id"))
    assert [each.sensor for each in queries.sensors_by_name(cast.owner, most=3)] == by_name[:3]

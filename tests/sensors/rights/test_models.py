"""The views of rights, row by row, and what the ORM makes of them."""

import pytest
from django.db import connection

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.sensors.models import Sensor, SensorRight, SiteRight
from sensorfusion.sensors.queries import editable_sites, may_edit, may_own, role_at, visible_sensors, visible_sites
from tests.conftest import Cast

# Who -> role, may see, may edit, may own; at the orchard, and for its sensor.
RIGHTS = {
    "owner": (Role.OWNER, True, True, True),
    "editor": (Role.EDITOR, True, True, False),
    "member": (Role.VIEWER, True, False, False),
    "outsider": (None, False, False, False),
}


@pytest.mark.parametrize("name", RIGHTS)
def test_role_gives_these_rights_at_the_site(cast: Cast, name: str) -> None:
    operator: Operator = getattr(cast, name)

    found = (
        role_at(operator=operator, site=cast.site),
        cast.site in visible_sites(operator),
        may_edit(operator=operator, site=cast.site),
        may_own(operator=operator, site=cast.site),
    )

    assert found == RIGHTS[name]
    assert (cast.site in editable_sites(operator)) is RIGHTS[name][2]


@pytest.mark.parametrize("name", RIGHTS)
def test_role_gives_the_same_rights_for_a_sensor(cast: Cast, name: str) -> None:
    role, sees, edits, owns = RIGHTS[name]
    operator: Operator = getattr(cast, name)

    rows = SensorRight.objects.filter(operator=operator, sensor=cast.sensor)

    assert [(row.role, row.may_edit, row.may_own, row.sensor_uuid) for row in rows] == (
        [(role, edits, owns, cast.sensor.uuid)] if sees else []
    )
    assert (cast.sensor in visible_sensors(operator)) is sees


@pytest.mark.parametrize("name", RIGHTS)
def test_account_that_is_closed_has_no_right(cast: Cast, name: str) -> None:
    Operator.objects.filter(pk=getattr(cast, name).pk).update(is_active=False)

    assert not SiteRight.objects.filter(operator=getattr(cast, name)).exists()
    assert not SensorRight.objects.filter(operator=getattr(cast, name)).exists()


def test_superuser_sees_what_their_memberships_say(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.outsider.pk).update(is_superuser=True, is_staff=True)

    assert cast.sensor not in visible_sensors(cast.outsider)


def test_right_ends_with_the_membership_and_follows_the_sensor(cast: Cast) -> None:
    Membership.objects.filter(operator=cast.editor, site=cast.site).delete()
    Sensor.objects.filter(pk=cast.sensor.pk).update(site=cast.other_site)

    assert not SiteRight.objects.filter(operator=cast.editor, site=cast.site).exists()
    assert cast.sensor not in visible_sensors(cast.owner)


def test_sensor_is_counted_once_for_each_operator(cast: Cast) -> None:
    seen = list(visible_sensors(cast.owner))

    assert len(seen) == len(set(seen))


def test_deleting_a_site_or_an_operator_asks_nothing_of_the_views(cast: Cast) -> None:
    cast.site.delete()
    cast.outsider.delete()

    assert not SiteRight.objects.filter(site_id=cast.site.pk).exists()


def test_views_are_made_by_migrations(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY viewname")
        assert [name for (name,) in cursor.fetchall()] == [
            "sensor_right",
            "share_right",
            "site_right",
            "site_share_right",
        ]

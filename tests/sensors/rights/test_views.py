"""The SQL of the views: what it gives, what migrations can do to the tables under it, and how it is planned."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection

from sensorfusion.ingest.senders import gateways
from sensorfusion.live import reads, rights
from sensorfusion.sensors.models import SensorRight
from sensorfusion.sensors.queries import visible_sensors
from tests.conftest import Cast

PEOPLE = ("owner", "editor", "member", "outsider")
VIEWS = "SELECT viewname FROM pg_views WHERE schemaname = 'public'"


def rows(statement: str, *values: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("is_active", [True, False])
def test_sensors_of_visible_sites_are_the_sensors_of_the_view(cast: Cast, who: str, is_active: bool) -> None:
    operator = getattr(cast, who)
    operator.is_active = is_active
    operator.save()

    in_view = set(SensorRight.objects.filter(operator=operator).values_list("sensor", flat=True))

    assert set(visible_sensors(operator).values_list("pk", flat=True)) == in_view
    assert bool(in_view) is is_active


def test_view_has_the_whole_row_of_a_sensor(cast: Cast) -> None:
    found = rows("SELECT (sensor).id, (sensor).name FROM sensor_right WHERE operator_id = %s", cast.member.pk)

    assert found == [(cast.sensor.pk, cast.sensor.name)]


def test_columns_of_sensors_can_be_added_altered_and_dropped_under_the_view(cast: Cast) -> None:
    read = "SELECT (sensor).serial, (sensor).name FROM sensor_right WHERE operator_id = %s"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the inserted rows would block ALTER TABLE
        cursor.execute("ALTER TABLE sensors_sensor ADD COLUMN serial text DEFAULT '17', ALTER COLUMN name TYPE text")
        assert rows(read, cast.member.pk) == [("17", cast.sensor.name)]
        cursor.execute("ALTER TABLE sensors_sensor DROP COLUMN model")

    assert rows(read, cast.member.pk) == [("17", cast.sensor.name)]


def test_migrations_remove_the_views_and_make_them_again(cast: Cast) -> None:
    seen = rows("SELECT operator_id, sensor_id, role FROM sensor_right ORDER BY 1, 2")

    with connection.cursor() as cursor:  # the cast's rows must not have pending checks when their tables are altered
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("migrate", "sensors", "0010_words_of_the_field", verbosity=0)
    assert rows(VIEWS) == []
    call_command("migrate", "sensors", "0011_rights", verbosity=0)
    call_command("migrate", "sensors", verbosity=0)

    assert rows("SELECT operator_id, sensor_id, role FROM sensor_right ORDER BY 1, 2") == seen
    assert len(seen) == 4


def test_admin_has_no_permission_to_give_for_rights(db: None) -> None:
    named = Permission.objects.filter(content_type__app_label="sensors").values_list("codename", flat=True)

    assert "change_sensor" in named
    assert [name for name in named if name.endswith("right")] == []


@pytest.fixture
def without_self_join_elimination(db: None) -> None:
    """Plan as PostgreSQL before 18 does, which scans a table as often as it is named."""
    rows("SELECT set_config(name, 'off', true) FROM pg_settings WHERE name = 'enable_self_join_elimination'")


FIND = {"operator": 1, "uuids": [], "names": ["Shed"], "folded": ["shed"]}


@pytest.mark.usefixtures("without_self_join_elimination")
@pytest.mark.parametrize(
    ("statement", "values"),
    [
        pytest.param(gateways._FIND.replace("%(uuids)s", "%(uuids)s::uuid[]"), FIND, id="gateways"),
        pytest.param(reads._PRESENT, (1, [1], None, None), id="present"),
        pytest.param(rights._SIGHT, ([1],), id="sight"),
    ],
)
def test_sensors_are_scanned_once(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
        (plan,) = cursor.fetchone()

    assert scans_of_sensors(plan if isinstance(plan, str) else json.dumps(plan)) == 1


@pytest.mark.usefixtures("without_self_join_elimination")
def test_pages_scan_sensors_once(cast: Cast) -> None:
    assert scans_of_sensors(visible_sensors(cast.owner).select_related("site").explain(format="json")) == 1


def scans_of_sensors(plan: str) -> int:
    return plan.replace("'", '"').count('"Relation Name": "sensors_sensor"')

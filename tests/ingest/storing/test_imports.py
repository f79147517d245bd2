"""Imports are counted, and stop at a quota with what they have stored."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import Settings

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.storing.connection import Stored
from sensorfusion.ingest.storing.imports import Counted, NoRoom
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.models import Reading
from sensorfusion.sensors.quotas.models import OperatorUsage, SiteUsage
from tests.conftest import Cast
from tests.ingest.files.test_import_command import run

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
TODAY = date(2026, 11, 22)  # in UTC, and at the sites of the cast
Limit = Callable[..., None]


@pytest.fixture
def limit(settings: Settings) -> Limit:
    def set_to(**quotas: int) -> None:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **quotas)

    return set_to


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "garden.csv"
    path.write_text("time,temperature\n" + "\n".join(f"2026-11-20T07:{each:02}:00Z,{each}" for each in range(50)))
    return path


def imported(cast: Cast, file: Path, *more: str) -> tuple[int, str]:
    return run(file, "--sensor", cast.sensor.uuid, "--batch", 20, *more)


def counted() -> list[tuple[str, int, int]]:
    return list(SiteUsage.objects.order_by("day").values_list("site__name", "readings", "imported"))


def test_readings_are_counted_once_for_site_and_operator(cast: Cast, file: Path) -> None:
    for _ in range(2):
        assert imported(cast, file, "--operator", cast.owner.email)[0] == 0

    assert counted() == [("Orchard", 0, 50)]
    assert list(OperatorUsage.objects.values_list("operator", "day", "imported")) == [(cast.owner.pk, TODAY, 50)]


def test_import_over_the_quota_of_its_site_stops_and_says_how_far_it_came(cast: Cast, file: Path, limit: Limit) -> None:
    limit(site_readings_per_day=30)

    status, said = imported(cast, file)

    assert status != 0
    assert "from line 42 on nothing is stored, all before it is: Orchard has imported 30 readings today" in said
    assert "Continue after midnight (Europe/Warsaw), or ask the server's administrator to raise SITE_READINGS" in said
    assert Reading.objects.count() == 40
    assert counted() == [("Orchard", 0, 40)]


def test_stopped_import_continues_where_it_stopped_and_nothing_is_lost(cast: Cast, file: Path, limit: Limit) -> None:
    limit(site_readings_per_day=30)
    imported(cast, file)
    SiteUsage.objects.update(day=date(2026, 11, 21))

    status, said = imported(cast, file)

    assert status == 0
    assert "Continuing after line 41" in said
    assert "10 accepted, 0 duplicates" in said
    assert Reading.objects.count() == 50
    assert sorted(counted()) == [("Orchard", 0, 10), ("Orchard", 0, 40)]


def test_operator_over_the_quota_is_told_whose_it_is(cast: Cast, file: Path, limit: Limit) -> None:
    limit(operator_imported_per_day=20)

    status, said = imported(cast, file, "--operator", cast.owner.email)

    assert status != 0
    assert "from line 22 on nothing is stored" in said
    assert "you have imported 20 readings today" in said
    assert "OPERATOR_IMPORTED_PER_DAY" in said


def test_full_site_takes_no_imports_either(cast: Cast, file: Path, limit: Limit) -> None:
    limit(site_stored_mb=1)
    SiteUsage.objects.create(site=cast.site, day=TODAY, bytes=1_000_000)

    status, said = imported(cast, file)

    assert status != 0
    assert "the readings of Orchard take 1 MB" in said
    assert Reading.objects.count() == 0


def test_devices_and_files_have_counts_of_their_own(cast: Cast, file: Path, limit: Limit) -> None:
    limit(site_readings_per_day=50)
    SiteUsage.objects.create(site=cast.site, day=TODAY, readings=50)

    assert imported(cast, file)[0] == 0
    assert counted() == [("Orchard", 50, 50)]


def request(cast: Cast) -> list[WriteRequest]:
    return [WriteRequest(Source(cast.sensor.pk, ""), NOW, [Draft(NOW, {"temperature": 5.0})])]


def accepted(_: Any) -> Stored:
    return Stored([Outcome(1, 0, 1)], [])


def test_whole_archive_is_counted_and_not_stopped(cast: Cast, limit: Limit) -> None:
    limit(site_readings_per_day=1)
    given: dict[str, Any] = {"operator": None, "now": lambda: NOW}
    whole = Counted(accepted, conninfo(), **given, is_limited=False)
    for _ in range(3):
        whole.store(request(cast))

    with pytest.raises(NoRoom):
        Counted(accepted, conninfo(), **given).store(request(cast))
    assert counted() == [("Orchard", 0, 3)]


def test_batch_that_could_not_be_counted_is_told_as_stored(cast: Cast) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute("ALTER TABLE site_usage RENAME COLUMN imported TO elsewhere")
        try:
            store = Counted(accepted, conninfo(), operator=None, now=lambda: NOW, is_limited=False)
            assert store.store(request(cast)) == accepted(None)
        finally:
            connection.execute("ALTER TABLE site_usage RENAME COLUMN elsewhere TO imported")


def test_batch_is_tried_again_while_the_database_is_away(cast: Cast) -> None:
    away = Counted(accepted, "host=127.0.0.1 port=1 connect_timeout=1", operator=None, now=lambda: NOW)

    (answer,) = away.store(request(cast)).answers

    assert isinstance(answer, RequestRefused)
    assert answer.code == "database_away"

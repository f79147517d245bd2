"""The demo is created once, found again and filled up to now, with a year of real observations at the right times."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from sensorfusion.accounts.models import Operator
from sensorfusion.demo import demo_files, stations
from sensorfusion.demo.site import EMAIL, Demo, fill_up, prepare
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.files.loading import Report
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Key, Sensor, Site, Status

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def writer() -> Iterator[WriterConnection]:
    with WriterConnection(conninfo()) as writer:
        yield writer


def fill(demo: Demo, writer: WriterConnection, *, now: datetime = NOW) -> Report:
    return fill_up(demo=demo, store=writer.store, now=lambda: now, step=lambda position, rows: None)


def test_the_demo_is_one_site_of_three_stations_with_keys(tmp_path: Path) -> None:
    demo = prepare(data=tmp_path, now=NOW)

    assert demo.site.name == "New York airports"
    assert demo.site.time_zone == "America/New_York"
    assert "real 2013 observations, moved in time" in demo.site.notice
    sensors = list(Sensor.objects.order_by("id").values_list("name", "model", "elevation_m"))
    assert sensors == [("Newark Liberty", "ASOS", 5.5), ("John F. Kennedy", "ASOS", 4.0), ("LaGuardia", "ASOS", 6.7)]
    assert demo.operator.check_password(demo.password)
    for code, kept in demo_files.keys(tmp_path).items():
        assert kept.sensor == demo.sensors[code].uuid
        assert Key.objects.get(sensor=demo.sensors[code]).digest == digest(kept.key)


def test_password_and_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    prepare(data=tmp_path / "data", now=NOW)

    files = sorted((tmp_path / "data").iterdir())
    assert [file.name for file in files] == ["demo_keys.json", "demo_password"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_the_second_time_everything_is_found_again(tmp_path: Path) -> None:
    first = prepare(data=tmp_path, now=NOW)
    keys = demo_files.keys(tmp_path)

    again = prepare(data=tmp_path, now=NOW)

    assert again == first
    assert demo_files.keys(tmp_path) == keys
    assert (Operator.objects.count(), Site.objects.count(), Sensor.objects.count(), Key.objects.count()) == (1, 1, 3, 3)


def test_what_people_renamed_keeps_its_name(tmp_path: Path) -> None:
    prepare(data=tmp_path, now=NOW)
    Sensor.objects.filter(name="LaGuardia").update(name="By the bay")
    Site.objects.update(name="Airports")

    again = prepare(data=tmp_path, now=NOW)

    assert again.site.name == "Airports"
    assert again.sensors["LGA"].name == "By the bay"


def test_what_was_deleted_or_revoked_is_made_again(tmp_path: Path) -> None:
    prepare(data=tmp_path, now=NOW)
    Sensor.objects.get(name="LaGuardia").delete()
    Key.objects.filter(sensor__name="Newark Liberty").update(revoked_at=NOW)

    again = prepare(data=tmp_path, now=NOW)

    kept = demo_files.keys(tmp_path)
    assert Sensor.objects.count() == 3
    for code, sensor in again.sensors.items():
        assert Key.objects.filter(sensor=sensor, revoked_at=None).get().digest == digest(kept[code].key)


def test_another_data_directory_gets_a_password_of_its_own(tmp_path: Path) -> None:
    first = prepare(data=tmp_path / "one", now=NOW)

    second = prepare(data=tmp_path / "two", now=NOW)

    assert first.password != second.password
    assert second.operator.check_password(second.password)
    assert Sensor.objects.count() == 3


def test_a_password_that_somebody_changed_is_left_alone(tmp_path: Path) -> None:
    operator = prepare(data=tmp_path, now=NOW).operator
    operator.set_password("my own password")
    operator.save()

    assert prepare(data=tmp_path, now=NOW).password == ""
    assert Operator.objects.get().check_password("my own password")


def test_the_moved_year_keeps_hour_and_season_and_ends_now(tmp_path: Path, writer: WriterConnection) -> None:
    demo = prepare(data=tmp_path, now=NOW)

    report = fill(demo, writer)

    assert (report.accepted, report.rejected) == (26_115, 0)
    assert list(report.reasons) == ["out_of_range"]
    newest = SensorState.objects.get(sensor=demo.sensors["JFK"])
    assert newest.observed_at == NOW.replace(minute=0)
    assert Reading.objects.order_by("observed_at")[0].observed_at == datetime(2025, 11, 22, 10, tzinfo=UTC)
    stored = dict(Reading.objects.filter(sensor=demo.sensors["JFK"]).values_list("observed_at", "values"))
    for hour, at in (
        (datetime(2013, 7, 4, 18), datetime(2026, 7, 4, 18)),
        (datetime(2013, 12, 9, 6), datetime(2025, 12, 9, 6)),
    ):
        assert stored[at.replace(tzinfo=UTC)] == observed("JFK", hour.replace(tzinfo=UTC))
    assert Sensor.objects.filter(status=Status.ACTIVE).count() == 3


def observed(code: str, hour: datetime) -> dict[str, object]:
    """Return the file's values for an hour, in canonical units."""
    text = f"{hour:%Y-%m-%dT%H:%M:%SZ}"
    found = [line for line in stations.lines() if line.sensor == code and line.sent.observed_at == text]
    (draft,) = check([found[0].sent], received_at=NOW).drafts
    return dict(draft.values)


def test_only_what_is_missing_is_added_later(tmp_path: Path, writer: WriterConnection) -> None:
    demo = prepare(data=tmp_path, now=NOW)
    fill(demo, writer)

    same_hour = fill(demo, writer, now=NOW + timedelta(minutes=29))
    next_day = fill(demo, writer, now=NOW + timedelta(days=1))

    assert (same_hour.rows, next_day.rows, next_day.accepted) == (0, 72, 72)


def test_the_hour_that_the_stations_were_speaking_in_is_left_as_it_is(tmp_path: Path, writer: WriterConnection) -> None:
    demo = prepare(data=tmp_path, now=NOW)
    fill(demo, writer)
    SensorState.objects.update(stored_until=NOW)

    later = fill(demo, writer, now=NOW.replace(hour=12))

    assert later.accepted == 6
    newest = Reading.objects.filter(sensor=demo.sensors["EWR"]).order_by("-observed_at")[:2]
    assert [reading.observed_at.hour for reading in newest] == [12, 11]


def test_a_paused_station_takes_nothing(tmp_path: Path, writer: WriterConnection) -> None:
    Sensor.objects.filter(pk=prepare(data=tmp_path, now=NOW).sensors["EWR"].pk).update(status=Status.PAUSED)

    fill(prepare(data=tmp_path, now=NOW), writer)

    assert not Reading.objects.filter(sensor__name="Newark Liberty").exists()
    assert Reading.objects.filter(sensor__name="LaGuardia").exists()


def test_the_command_says_how_to_sign_in_each_time(tmp_path: Path, settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    first, again = StringIO(), StringIO()

    call_command("demo", stdout=first)
    call_command("demo", stdout=again)

    password = demo_files.password(tmp_path)
    assert f"Sign in as {EMAIL} with the password {password}" in first.getvalue()
    assert f"Sign in as {EMAIL} with the password {password}" in again.getvalue()
    assert "26,115 observations added" in first.getvalue()
    assert "added" not in again.getvalue()

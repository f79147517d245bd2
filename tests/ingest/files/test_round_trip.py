"""Exporting and importing again preserves values, types, instants and flags, in every format."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Sent, Source
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.export.columns import cell, guarded, unguarded, value_in
from sensorfusion.readings.export.export import FORMATS
from sensorfusion.readings.models import Reading
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast

NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
_number = count(1)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
awkward = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "'",
        "''=1",
        "\t=1",
        "\r\n",
        " =1",
        "080",
        "1e5",
        "nan",
        "true",
        "1_0",
        " 7 ",
        '"',
        ",",
        "＝1",
    ]
)
numbers = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
anything = numbers | texts | awkward | st.booleans()
VALUES: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "temperature": st.floats(-100, 80),
    "humidity": st.integers(0, 110),
    "rain_total": st.floats(0, 1e300) | st.integers(0, 2**63 - 1),
    "condition": texts | awkward,
    "door_open": st.booleans(),
    "seq": anything,  # has the name of a column of the file
    "more": anything,
    "leaf_colour": anything,
    "only_text": texts | awkward,
    "x.y:z-1_": numbers,
}
readings = st.fixed_dictionaries({}, optional=dict(VALUES)).filter(bool)
instants = st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 21))


def clock() -> datetime:
    """Return NOW, the clock for storing and importing in these tests."""
    return NOW


def new_sensor(site: Site) -> Sensor:
    """Create a sensor; sensors sort by name in the order of their numbers."""
    return Sensor.objects.create(site=site, name=f"=sensor, {next(_number):06}")


def store(sensor: Sensor, sent: Mapping[datetime, Mapping[str, Any]]) -> None:
    checked = check([Sent(dict(values), at.isoformat()) for at, values in sent.items()], received_at=NOW)
    with WriterConnection(conninfo()) as writer:
        writer.store([WriteRequest(Source(sensor.pk, str(sensor.uuid)), NOW, checked.drafts)])


def stored(sensor: Sensor) -> list[Any]:
    found = Reading.objects.filter(sensor=sensor).order_by("observed_at").values_list("observed_at", "values", "flags")
    return [
        (at, {name: (type(value) is bool, value) for name, value in values.items()}, flags)
        for at, values, flags in found
    ]


def import_to(sensor: Sensor, path: Path) -> str:
    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("import_readings", str(path), "--sensor", str(sensor.uuid), now=clock, stdout=said)
    assert end.value.code == 0, said.getvalue()
    return said.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["csv.gz", "ndjson", "parquet"])
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@example(
    sent={
        datetime(2026, 10, 25, 1, 30, 0, 1): {"temperature": 21.5, "humidity": 109, "leaf_colour": "=HYPERLINK(1)"},
        datetime(2026, 10, 25, 1, 30): {"seq": 2**63 - 1, "more": True, "leaf_colour": 1, "rain_total": 1e300},
        datetime(2026, 10, 25, 2, 30): {
            "leaf_colour": True,
            "only_text": "'true",
            "door_open": False,
            "x.y:z-1_": 5e-324,
        },
        datetime(2026, 11, 25): {"ahead_only": 1},
    }
)
@given(sent=st.dictionaries(instants, readings, min_size=1, max_size=6))
def test_what_is_exported_and_imported_again_is_the_same(
    cast: Cast, tmp_path_factory: pytest.TempPathFactory, ending: str, sent: Mapping[datetime, Mapping[str, Any]]
) -> None:
    before, after = new_sensor(cast.site), new_sensor(cast.site)
    store(before, {at.replace(tzinfo=UTC): values for at, values in sent.items()})
    assume_stored = stored(before)
    if not assume_stored:  # only texts that mean missing
        return
    path = tmp_path_factory.mktemp("exported") / f"readings.{ending}"

    call_command("export_readings", "--sensor", str(before.uuid), "--output", str(path), stderr=StringIO())
    said = import_to(after, path)

    assert stored(after) == assume_stored
    assert " 0 rejected" in said
    assert "This is readings as SensorFusion writes them." in said


@given(anything)
def test_a_cell_of_a_csv_comes_back_as_it_was(value: Any) -> None:
    back = value_in(str(written)) if (written := cell(value)) is not None else None

    assert (type(back) is bool, back) == (type(value) is bool, value)
    assert isinstance(back, str) == isinstance(value, str)


@given(texts | awkward)
def test_no_text_of_a_csv_begins_a_formula(text: str) -> None:
    written = guarded(text)

    assert written.lstrip(" \t\r\n")[:1] not in tuple("=+-@＝＋－＠")
    assert unguarded(written) == text


@pytest.mark.django_db(transaction=True)
def test_the_readings_of_a_site_go_to_the_sensors_of_the_same_names(cast: Cast, tmp_path: Path) -> None:
    names = [new_sensor(cast.site).name for _ in range(2)]
    sensors = list(Sensor.objects.filter(name__in=names).order_by("id"))
    at = NOW - timedelta(days=1)
    for degrees, sensor in enumerate(sensors):
        store(sensor, {at: {"temperature": degrees}})
    for ending in FORMATS:
        path = tmp_path / f"site.{ending}"
        call_command("export_readings", "--site", cast.site.name, "--output", str(path), stderr=StringIO())
        Sensor.objects.filter(site=cast.other_site).exclude(pk=cast.other_sensor.pk).delete()

        arguments = (str(path), "--operator", cast.outsider.email, "--create")
        with pytest.raises(SystemExit):
            call_command("import_readings", *arguments, now=clock, stdout=StringIO())

        made = Sensor.objects.filter(site=cast.other_site, name__in=names).order_by("name")
        assert [stored(sensor) for sensor in made] == [stored(sensor) for sensor in sensors]


@pytest.mark.django_db(transaction=True)
def test_a_file_of_several_sensors_is_not_poured_into_one(cast: Cast, tmp_path: Path) -> None:
    for sensor in (cast.sensor, new_sensor(cast.site)):
        store(sensor, {NOW - timedelta(days=1): {"temperature": 1}})
    call_command("export_readings", "--site", "Orchard", "--output", str(tmp_path / "a.csv"), stderr=StringIO())

    arguments = (str(tmp_path / "a.csv"), "--sensor", str(new_sensor(cast.site).uuid))
    with pytest.raises(Exception, match="--sensor-column sensor instead of --sensor"):
        call_command("import_readings", *arguments, now=clock)


@pytest.mark.django_db(transaction=True)
def test_a_window_has_its_first_instant_and_not_its_last(cast: Cast, tmp_path: Path) -> None:
    hours = [NOW - timedelta(hours=back) for back in (3, 2, 1)]
    store(cast.sensor, {at: {"temperature": 1} for at in hours})
    window = ("--from", hours[0].isoformat(), "--to", hours[2].isoformat())

    call_command(
        "export_readings", "--sensor", str(cast.sensor.uuid), *window, "-o", str(tmp_path / "a.csv"), stderr=StringIO()
    )

    with (tmp_path / "a.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["sensor", "observed_at", "received_at", "seq", "temperature", "flags"]
    assert [row[1] for row in rows] == ["2026-11-21T21:00:00Z", "2026-11-21T22:00:00Z"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sensor", "7"), "There is no sensor 7"),
        (("--site", "Nowhere"), "There is no site 'Nowhere'. The sites are: 'Harbour', 'Orchard'."),
        (("--site", "Orchard", "-o", "readings.txt"), "choose a format with --format"),
        (("--site", "Orchard", "--from", "yesterday"), "is not a time"),
        (("--site", "Orchard", "--from", "2026-01-01"), "has no time zone"),
        (("--site", "Orchard", "-o", "/nowhere/a.csv"), "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_words(cast: Cast, arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(Exception, match=said):
        call_command("export_readings", *arguments)


@pytest.mark.parametrize(
    "instant",
    [
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:30Z",
        "1980-01-06T00:00:00Z",
        "2000-01-01T00:00:00Z",
        "1950-05-05T12:00:00Z",
    ],
)
def test_instants_at_which_clocks_begin_come_back_from_our_own_files(instant: str) -> None:
    """Only the rows of other programs are doubted: what was stored once was an observation."""
    checked = check([Sent({"temperature": 1}, instant)], received_at=NOW, is_import=True)

    assert [draft.observed_at for draft in checked.drafts] == [datetime.fromisoformat(instant)]
    assert not checked.rejected

"""Files as programs write them: each is imported from a sensor's page, and by the command, with the same outcome."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings

from sensorfusion.ingest.files import uploads
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.readings.models import Reading
from tests.conftest import Cast
from tests.patience import PATIENCE_S
from tests.web.shown_forms import forms_of

pytestmark = pytest.mark.django_db(transaction=True)
FILES = Path(__file__).parent / "files"
# The site is in Warsaw: local times of August are two hours ahead of UTC.
AT = datetime(2026, 8, 2, 13, 30, tzinfo=UTC)
STATED = datetime(2026, 8, 2, 15, 30, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


class Outcome(NamedTuple):
    """What is stored: the instants, some values of each, and what a person has to choose first."""

    instants: Sequence[datetime]
    values: Sequence[Mapping[str, object]]
    page: Mapping[str, str] = {}
    options: Sequence[str] = ()


def every(step: timedelta, *, count: int, since: datetime = AT) -> list[datetime]:
    return [since + step * number for number in range(count)]


COLUMNS = ("temperature", "humidity", "sea_level_pressure", "wind_speed", "wind_direction")
OUTCOMES = {
    "fahrenheit-cp1252.csv": Outcome(
        every(QUARTER, count=2), [{"temperature": 10.0556, "humidity": 43}, {"temperature": 10.2222, "humidity": 42}]
    ),
    # LST is local time without summer time.
    "date-and-hour.csv": Outcome(
        every(timedelta(hours=1), count=24, since=datetime(2026, 8, 1, 23, tzinfo=UTC)),
        [{"temperature": round(20 + hour / 10, 1), "humidity": 40 + hour} for hour in range(24)],
    ),
    "spreadsheet-dates.csv": Outcome(every(QUARTER, count=2), [{"temperature": 28.9}, {"temperature": 28.7}]),
    "two-header-rows.txt": Outcome(
        [datetime(2026, 8, 1, 22, 30, tzinfo=UTC), datetime(2026, 8, 2, 11, tzinfo=UTC)],
        [
            {"temperature": 28.9, "temperature_max": 29.0, "humidity": 43, "wind_direction": 22.5, "wind_speed": 3.2},
            {"temperature": 29.9, "temperature_min": 29.7, "sea_level_pressure": 1014.6, "rain": 0.2},
        ],
    ),
    "four-header-rows.dat": Outcome(
        every(timedelta(minutes=10), count=2),
        [
            {"temperature": 28.91, "humidity": 43.1, "solar_radiation": 512.3, "battery_voltage": 12.9},
            {"pressure": 1001.2, "rain": 0.2, "wind_speed": 3.1, "wind_direction": 222, "battery_voltage": 12.9},
        ],
    ),
    "groups-of-columns.csv": Outcome(
        every(timedelta(minutes=5), count=2),
        [
            {"temperature": 28.9, "humidity": 43, "indoor_temperature": 24.1, "indoor_humidity": 50},
            {"temperature": 28.8, "humidity": 44, "indoor_temperature": 24.2, "indoor_humidity": 50},
        ],
    ),
    "no-header-daily-log.txt": Outcome(
        every(timedelta(minutes=5), count=2),
        [
            {"temperature": 28.9, "wind_gust": 6.8, "rain_total": 320.1, "indoor_temperature": 24.1, "uv_index": 5.0},
            {"temperature": 28.8, "wind_gust": 6.5, "sea_level_pressure": 1015.0, "solar_radiation": 498},
        ],
    ),
    "no-header-semicolon.csv": Outcome(
        every(timedelta(minutes=5), count=2),
        [{"temperature": 28.9, "humidity": 43, "wind_direction": 225}, {"temperature": 28.8, "wind_direction": 222}],
        {f"quantity-{index}": name for index, name in enumerate(COLUMNS, 1)},
        [
            *(part for place, name in enumerate(COLUMNS, 2) for part in ("--map", f"column {place}={name}")),
            *("--time-zone", "Europe/Warsaw"),
        ],
    ),
    "unicode-text.txt": Outcome(every(QUARTER, count=2), [{"temperature": 10.0556}, {"temperature": 10.2222}]),
    "sep-line.csv": Outcome([STATED], [{"temperature": 28.9}]),
    "compass-letters.csv": Outcome(
        every(QUARTER, count=2),
        [
            {"wind_direction": 0, "wind_gust_direction": 22.5, "temperature": 28.9},
            {"wind_direction": 247.5, "wind_gust_direction": 225, "humidity": 43.5, "rain": 0.2},
        ],
    ),
    "value-with-unit.csv": Outcome([STATED], [{"temperature": 28.9, "humidity": 43}]),
    "repeated-hour.csv": Outcome(
        every(timedelta(minutes=30), count=6, since=datetime(2025, 10, 25, 23, 30, tzinfo=UTC)),
        [{"temperature": round(10 + step / 10, 1)} for step in range(6)],
    ),
    "byte-order-mark.csv": Outcome([STATED], [{"temperature": 28.9, "humidity": 43}]),
    "composite-cells.csv": Outcome(
        [datetime(2026, 8, 2, 15, 51, tzinfo=UTC), datetime(2026, 8, 2, 16, 51, tzinfo=UTC)],
        [
            {"wind_direction": 225, "wind_speed": 3.2, "temperature": 28.9, "sea_level_pressure": 1015.0},
            {"wind_speed": 0.0, "dew_point": 15.1},
        ],
    ),
}
NAMES = sorted(OUTCOMES)


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "spool"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    monkeypatch.setattr(uploads, "REST_AT_MOST_S", 0.0)
    yield
    ended()


def ended() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("import "):
            thread.join(PATIENCE_S)


def by_page(client: Client, cast: Cast, name: str, content: bytes, choices: Mapping[str, str]) -> Any:
    """Upload a file, and send the form that its page shows."""
    client.force_login(cast.editor)
    file = SimpleUploadedFile(name, content)
    address = client.post(f"/sensors/{cast.sensor.uuid}/import/", {"file": file})["Location"]
    form = next(form for form in forms_of(client.get(address).text) if "header_line" in form.names)
    answer = client.post(address, {**form.body("start"), **choices})
    ended()
    return answer


def by_command(cast: Cast, path: Path, options: Sequence[str]) -> str:
    said = StringIO()
    refused = ("--refused", str(path.with_suffix(".refused")))
    with pytest.raises(SystemExit):
        call_command("import_readings", str(path), "--sensor", str(cast.sensor.uuid), *refused, *options, stdout=said)
    return said.getvalue()


def stored() -> list[tuple[datetime, dict[str, Any]]]:
    return list(Reading.objects.order_by("observed_at").values_list("observed_at", "values"))


def assert_stored(outcome: Outcome) -> None:
    found = stored()
    assert [instant for instant, _ in found] == list(outcome.instants)
    for (_, values), expected in zip(found, outcome.values, strict=True):
        assert {name: values.get(name) for name in expected} == expected


def test_every_file_of_the_folder_has_an_outcome() -> None:
    assert sorted(path.name for path in FILES.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_imported_from_the_page_of_its_sensor(cast: Cast, client: Client, name: str) -> None:
    by_page(client, cast, name, (FILES / name).read_bytes(), OUTCOMES[name].page)

    kept = FileImport.objects.get()
    assert (kept.state, kept.message) == (ImportState.DONE, "")
    assert kept.accepted == len(OUTCOMES[name].instants) == kept.rows
    assert_stored(OUTCOMES[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_imported_by_the_command(cast: Cast, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((FILES / name).read_bytes())

    said = by_command(cast, path, OUTCOMES[name].options)

    assert f"{len(OUTCOMES[name].instants)} accepted, 0 duplicates, 0 rejected" in said
    assert_stored(OUTCOMES[name])


# What has to be asked


ASKED = {
    "a unit that is not known": (b"Time,Temp (xF),Hum\n2026-08-02 15:30,50.1,43\n", "'xF'", "--unit 'Temp (xF)=UNIT'"),
    "a number that may be two": (b"Time;lux\n2026-08-02 15:30;51.200\n", "51200 or 51.200", "--decimal-comma"),
    "a date that may be two": (b"Time,Temp\n02/08/2026 15:30,20\n", "2 August 2026", "--time-format"),
    "rows of one instant": (
        b"Date,No,Temp\n" + b"".join(b"2026-08-02,%d,2%d.5\n" % (row, row) for row in range(9)),
        "1 instant",
        "--time-column",
    ),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_unclear_is_asked_for_on_the_page_and_nothing_is_stored(cast: Cast, client: Client, case: str) -> None:
    content, asked, _ = ASKED[case]

    answer = by_page(client, cast, "a.csv", content, {})

    assert answer.status_code == 400
    text = answer.content.decode().replace("&#x27;", "'")
    assert asked in text
    assert 'data-tone="error"' in text or 'class="error"' in text
    assert "50.1 °C" not in text  # a number in an unknown unit is not shown in ours
    assert FileImport.objects.get().state == ImportState.WAITING
    assert not stored()


@pytest.mark.parametrize("case", ASKED)
def test_what_is_unclear_ends_the_command_with_the_option_to_give(cast: Cast, tmp_path: Path, case: str) -> None:
    content, asked, option = ASKED[case]
    (tmp_path / "a.csv").write_bytes(content)

    with pytest.raises(CommandError) as error:
        call_command("import_readings", str(tmp_path / "a.csv"), "--sensor", str(cast.sensor.uuid))

    assert error.value.returncode == 2
    assert asked in str(error.value)
    assert option in str(error.value)
    assert not stored()


@pytest.mark.parametrize(
    ("case", "page", "options", "value"),
    [
        ("a unit that is not known", {"unit-1": "°F"}, ["--unit", "Temp (xF)=°F"], {"temperature": 10.0556}),
        ("a number that may be two", {"decimal": ","}, ["--decimal-comma"], {"illuminance": 51200}),
        (
            "a date that may be two",
            {"time_format": "%d/%m/%Y %H:%M"},
            ["--time-format", "%d/%m/%Y %H:%M"],
            {"temperature": 20},
        ),
    ],
)
def test_an_answer_starts_the_import(
    cast: Cast, client: Client, tmp_path: Path, case: str, page: dict[str, str], options: list[str], value: Any
) -> None:
    content = ASKED[case][0]
    (tmp_path / "a.csv").write_bytes(content)

    by_page(client, cast, "a.csv", content, page)
    [(instant, values)] = stored()
    assert (instant, value.items() <= values.items()) == (AT, True)
    by_command(cast, tmp_path / "a.csv", options)
    assert stored() == [(instant, values)]


def test_a_unit_that_differs_from_that_of_a_remembered_mapping_is_not_taken_for_it(cast: Cast, tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("Time,Temp (xF)\n2026-08-02 15:30,50.1\n")
    second.write_text("Time,Temp (yC)\n2026-08-02 15:45,20\n")
    by_command(cast, first, ["--unit", "Temp (xF)=°F"])

    with pytest.raises(CommandError, match="'yC'"):
        call_command("import_readings", str(second), "--sensor", str(cast.sensor.uuid))


def test_rows_that_share_an_instant_are_counted_and_named(cast: Cast, tmp_path: Path) -> None:
    rows = [f"2026-08-02T{hour:02}:00:00Z,{hour}" for hour in range(20)]
    (tmp_path / "a.csv").write_text("\n".join(("observed_at,temperature", *rows, rows[-1] + ".5", rows[0])))

    said = by_command(cast, tmp_path / "a.csv", [])

    assert "20 accepted, 1 duplicates, 1 rejected" in said
    assert "conflict: 1\n    line 22: temperature" in said
    assert "in reading 21, at the same instant" in said
    assert len(stored()) == 20

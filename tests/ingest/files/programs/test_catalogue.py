"""Every program of the catalogue: a file as it writes them is recognised, and read without a word from a person."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import converter
from sensorfusion.ingest.files.layouts import lines_of, open_table, understood
from sensorfusion.ingest.files.programs import archives, stations
from sensorfusion.ingest.files.programs.catalogue import PROGRAMS, program_of
from sensorfusion.ingest.files.programs.home_assistant import element_of
from sensorfusion.ingest.files.programs.program import SYSTEMS
from sensorfusion.ingest.files.rows import BadPlan, Plan
from sensorfusion.ingest.steps.checking import check

NOW = datetime(2026, 11, 29, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")
AT = datetime(2026, 8, 2, 13, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 8, 1, 22, tzinfo=UTC)
Read = list[tuple[datetime, Mapping[str, Any]]]

WEATHERLINK = (
    "\t\tTemp\tHi\tLow\tOut\tDew\tWind\tWind\t\t\tRain\tIn\n"
    "Date\tTime\tOut\tTemp\tTemp\tHum\tPt.\tSpeed\tDir\tBar\tRain\tRate\tTemp\n"
    "8/02/26\t 3:30p\t{temp}\t90.0\t50.0\t43\t40.0\t10.0\tNNE\t{bar}\t0.10\t0.0\t70.0\n"
)
LOG = (
    "{date}{d}15:30{d}28{m}9{d}43{d}15{m}1{d}3{m}2{d}6{m}8{d}225{d}0{m}0{d}1{m}2{d}1015{m}0{d}320{m}1{d}24{m}1{d}50"
    "{d}5{m}1{d}28{m}9{d}30{m}1\n"
)
DAYS = (
    "02/08/26,12.5,225,15:10,18.2,05:10,29.9,15:30,1012.1,18:00,1016.2,09:00,4.2,16:00,1.2,23.4,120.1,5.5,15:10,"
    "35,15:30,80,05:10,3.1,9.5\n"
)
WD = (
    "day month year hour minute temperature   humidity     dewpoint    barometer    windspeed    gustspeed   direction "
    " rainlastmin    dailyrain  monthlyrain   yearlyrain  heatindex\n"
    " 2  8 2026 15 30   28.9    43   15.1    1015.0    10.0    20.0   225   0.2   1.2   30.1   320.1   30.1\n"
    " 2  8 2026 15 31   28.9    43   15.1    1015.0    10.0    20.0   225   0.0   1.2   30.1   320.1   30.1\n"
)
METEOBRIDGE = (
    "[YYYY]-[MM]-[DD] [hh]:[mm],[th0temp-act=F],th0hum-act,thb0seapress-act,rain0total-daysum\n"
    "2026-08-02 15:30,50,43,1015,1.2\n"
)
APP = "Time,Outdoor,,Indoor,\n,Temperature(℉),Humidity(%),Temperature(℉),Humidity(%)\n2026-08-02 15:30,50,43,59,50\n"
SD = (
    "Time,Indoor Temperature(℃),Outdoor Temperature(℃),Wind(m/s),Solar Rad(w/m2),Hourly Rain(mm)\n"
    "2026/8/2 15:30,24.1,28.9,3.2,512,--\n"
)
AMBIENT = (
    '"Date","Simple Date","Outdoor Temperature (°F)","Wind Gust (mph)","Rain Rate (in/hr)","Relative Pressure (inHg)",'
    '"Ultra-Violet Radiation Index","Indoor Temperature (°F)"\n'
    '"2026-08-02T15:30:00+02:00","2026-08-02 15:30:00","50","10","0.1","29.92","5","59"\n'
)
TOA5 = (
    '"TOA5","S","CR6","1","os","CPU:a.CR6","1","T"\n"TIMESTAMP","RECORD","AirTC_Avg","RH","BattV_Min"\n'
    '"TS","RN","Deg C","%","Volts"\n"","","Avg","Smp","Min"\n"2026-08-02 15:30:00",1,28.9,"NAN",12.9\n'
)
HOBO = (
    '"Plot Title: Garden"\n"#","Date Time, GMT+02:00","Temp, °F (LGR S/N: 1, SEN S/N: 1)","RH, % (LGR S/N: 1)"\n'
    "1,08/02/26 03:30:00 PM,50.0,43.0\n2,08/02/26 03:45:00 PM,50.0,\n"
)
GOVEE = (
    "\ufeffTimestamp for sample frequency every 15 min min, Temperature_Fahrenheit,Relative_Humidity\n"
    "2026-08-02 15:30:00,50,43\n"
)
LONG = (
    "USW00014732,20260802,TMAX,289,,,W,2400\n"
    "USW00014732,20260802,PRCP,12,,,W,2400\n"
    "USW00014732,20260802,TMIN,999,,X,W,2400\n"
)
WIDE = (
    '"STATION","DATE","NAME","PRCP","PRCP_ATTRIBUTES","TMAX","TMAX_ATTRIBUTES","TMIN","TMIN_ATTRIBUTES"\n'
    '"USW1","2026-08-02","NY"," 12",",,W","  289",",,W","-9999",","\n'
    '"USW1","2026-08-03","NY"," 12",",,W","  299",",X,W","  150",",,W"\n'
)
ISD = (
    '"STATION","DATE","WND","TMP","SLP","OC1"\n'
    '"725","2026-08-02T13:30:00","225,5,N,0032,5","+0289,5","10150,3","0077,5"\n'
    '"725","2026-08-02T14:30:00","999,9,C,0000,5","+9999,9","10150,5",""\n'
)
HISTORY = (
    "entity_id,state,last_changed\nsensor.outdoor_temperature,28.9,2026-08-02T13:30:00.000Z\n"
    "sensor.attic_temperature,31.5,2026-08-02T13:30:00.000Z\n"
    "sensor.outdoor_temperature,unavailable,2026-08-02T13:45:00.000Z\n"
)

# A file of each program, and what is stored of it.
FILES: Mapping[str, tuple[str, Read]] = {
    "WeatherLink's export": (
        WEATHERLINK.format(temp="50.0", bar="29.92"),
        [
            (
                AT,
                {
                    "temperature": 10,
                    "wind_speed": 4.4704,
                    "wind_direction": 22.5,
                    "rain": 2.54,
                    "sea_level_pressure": 1013.2075,
                },
            )
        ],
    ),
    "a monthly log of Cumulus": (
        LOG.format(date="02/08/26", d=",", m="."),
        [(AT, {"temperature": 28.9, "wind_gust": 6.8, "rain_total": 320.1, "indoor_humidity": 50})],
    ),
    "the day file of Cumulus": (
        DAYS,
        [(MIDNIGHT, {"temperature_min": 18.2, "temperature_max": 29.9, "rain": 1.2, "temperature": 23.4})],
    ),
    "a log of Weather Display": (
        WD,
        [
            (AT, {"temperature": 28.9, "wind_speed": 5.14444, "rain": 0.2, "rain_year": 320.1}),
            (AT.replace(minute=31), {"rain": 0.0}),
        ],
    ),
    "a log of Meteobridge": (
        METEOBRIDGE,
        [(AT, {"temperature": 10, "humidity": 43, "sea_level_pressure": 1015, "rain_day": 1.2})],
    ),
    "Ecowitt's export": (
        APP,
        [(AT, {"temperature": 10, "humidity": 43, "indoor_temperature": 15, "indoor_humidity": 50})],
    ),
    "Ambient Weather's export": (
        AMBIENT,
        [
            (
                AT,
                {
                    "temperature": 10,
                    "wind_gust": 4.4704,
                    "rain_rate": 2.54,
                    "sea_level_pressure": 1013.2075,
                    "uv_index": 5,
                },
            )
        ],
    ),
    "a TOA5 file of a Campbell logger": (TOA5, [(AT, {"temperature": 28.9, "battery_voltage": 12.9})]),
    "a HOBO logger's export": (
        HOBO,
        [(AT, {"temperature": 10, "humidity": 43}), (AT.replace(minute=45), {"temperature": 10})],
    ),
    "Govee's export": (GOVEE, [(AT, {"temperature": 10, "humidity": 43})]),
    "GHCN-Daily, one value in a row": (LONG, [(MIDNIGHT, {"temperature_max": 28.9}), (MIDNIGHT, {"rain": 1.2})]),
    "GHCN-Daily": (
        WIDE,
        [
            (MIDNIGHT, {"rain": 1.2, "temperature_max": 28.9}),
            (MIDNIGHT.replace(day=2), {"rain": 1.2, "temperature_min": 15}),
        ],
    ),
    "NOAA's ISD (global hourly)": (
        ISD,
        [
            (AT, {"wind_direction": 225, "wind_speed": 3.2, "temperature": 28.9, "wind_gust": 7.7}),
            (AT.replace(hour=14), {"wind_speed": 0, "sea_level_pressure": 1015}),
        ],
    ),
    "Home Assistant's history": (HISTORY, [(AT, {"temperature": 28.9}), (AT, {"attic_temperature": 31.5})]),
}


def read(path: Path, text: str, **options: Any) -> tuple[str, Read, list[str]]:
    """Return the name of the program, what would be stored, and why other values would not."""
    path.write_text(text)
    with open_table(str(path)) as table:
        found = understood(table, Plan(), now=NOW, zone=WARSAW, **options)
        assert not found.questions
        checked = [check([line.sent], received_at=NOW, is_import=True) for line in lines_of(found.rows, table)]
    stored: Read = [(draft.observed_at, draft.values) for each in checked for draft in each.drafts]
    return found.layout or found.program, stored, [rejected.code for each in checked for rejected in each.rejected]


def test_every_program_of_the_catalogue_has_a_file_here() -> None:
    assert [program.name for program in PROGRAMS if program.name not in FILES] == []
    assert len({program.name for program in PROGRAMS}) == len(PROGRAMS)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_recognised_and_read(tmp_path: Path, name: str) -> None:
    text, expected = FILES[name]

    program, stored, _ = read(tmp_path / "a.txt", text)

    assert program == name
    assert [at for at, _ in stored] == [at for at, _ in expected]
    for (_, values), (_, wanted) in zip(stored, expected, strict=True):
        assert {known: values.get(known) for known in wanted} == pytest.approx(wanted, abs=1e-3)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_taken_for_no_other_program(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text(FILES[name][0])

    with open_table(str(tmp_path / "a.txt")) as table:
        assert [program.name for program in PROGRAMS if program.matches(table)] == [name]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [program.name for program in PROGRAMS if program.systems])
def test_the_systems_of_a_program_are_of_use(tmp_path: Path, name: str) -> None:
    program = next(program for program in PROGRAMS if program.name == name)

    assert len({str(read(tmp_path / "a.txt", FILES[name][0], system=system)) for system in program.systems}) > 1


def test_every_ready_meaning_is_a_quantity_in_a_unit_of_it() -> None:
    fields = [stations.WEATHERLINK, stations.CUMULUS_LOG, stations.CUMULUS_DAYS, stations.WEATHER_DISPLAY]
    for quantity, measure in (meaning for each in fields for meaning in each.values()):
        for system in SYSTEMS.values():
            if measure != "as kept":
                converter(system[measure], CATALOGUE[quantity].unit)
    assert set(stations.METEOBRIDGE.values()) <= CATALOGUE.keys()
    for element in archives.GHCN.values():
        converter(element.unit, CATALOGUE[element.quantity].unit)
    for part in (part for parts in archives.ISD.values() for part in parts):
        converter(part.unit, CATALOGUE[part.quantity].unit)


# Settings that files do not say


@pytest.mark.parametrize(
    ("temp", "bar", "temperature"), [("50.0", "29.92", 10), ("28.9", "1015.0", 28.9), ("28.9", "762", 28.9)]
)
def test_the_pressure_of_weatherlink_tells_its_units(tmp_path: Path, temp: str, bar: str, temperature: float) -> None:
    [(_, values)] = read(tmp_path / "a.txt", WEATHERLINK.format(temp=temp, bar=bar))[1]

    assert values["temperature"] == temperature


def test_units_that_nothing_tells_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="--units metric or --units imperial"):
        read(tmp_path / "a.txt", WEATHERLINK.format(temp="50.0", bar="---"))
    whole = WIDE.replace("289", " 89").replace("299", " 99").replace("150", " 50")
    with pytest.raises(BadPlan, match="--units tenths"):
        read(tmp_path / "a.txt", whole)
    [first, _] = read(tmp_path / "a.txt", whole, system="imperial")[1]
    assert first[1]["temperature_max"] == pytest.approx(31.6667)


@pytest.mark.parametrize(
    ("date", "delimiter", "mark"), [("02-08-26", ",", "."), ("02.08.2026", ";", ","), ("02/08/26", ";", ",")]
)
def test_cumulus_writes_with_the_marks_of_its_computer(tmp_path: Path, date: str, delimiter: str, mark: str) -> None:
    program, [(at, values)], _ = read(tmp_path / "a.txt", LOG.format(date=date, d=delimiter, m=mark))

    assert (program, at, values["temperature"]) == ("a monthly log of Cumulus", AT, 28.9)


def test_later_rows_of_cumulus_may_be_longer(tmp_path: Path) -> None:
    line = LOG.format(date="02/08/26", d=",", m=".")
    later = line.replace("15:30", "15:40").strip() + ",5.0,512,0.1\n"

    _, stored, rejected = read(tmp_path / "a.txt", line + later)

    assert len(stored) == 2
    assert stored[1][1]["solar_radiation"] == 512
    assert rejected == []


# Marks of quality


def test_what_an_archive_calls_wrong_is_refused_by_name(tmp_path: Path) -> None:
    assert read(tmp_path / "a.txt", LONG)[2] == ["bad_quality"]
    assert read(tmp_path / "a.txt", WIDE)[2] == ["bad_quality"]
    assert read(tmp_path / "a.txt", ISD)[2] == ["bad_quality"]


def test_an_element_without_a_quantity_is_named(tmp_path: Path) -> None:
    assert read(tmp_path / "a.txt", LONG + "USW00014732,20260802,WT01,1,,,W,\n")[2] == ["bad_quality", "bad_name"]


@pytest.mark.parametrize(
    ("entity", "quantity"),
    [
        ("sensor.outdoor_temperature", "temperature"),
        ("sensor.humidity", "humidity"),
        ("sensor.attic_temperature", "attic_temperature"),
        ("binary_sensor.door", "door"),
    ],
)
def test_an_entity_is_what_it_is_named(entity: str, quantity: str) -> None:
    assert element_of(entity, system="metric").quantity == quantity


def test_no_program_is_a_table_of_anybodys(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Time,Temp\n2026-08-02 15:30,28.9\n")

    with open_table(str(tmp_path / "a.csv")) as table:
        assert program_of(table) is None


def test_an_sd_card_is_ecowitts_too(tmp_path: Path) -> None:
    program, stored, _ = read(tmp_path / "a.csv", SD)

    assert program == "Ecowitt's export"
    assert stored == [
        (AT, {"indoor_temperature": 24.1, "temperature": 28.9, "wind_speed": 3.2, "solar_radiation": 512})
    ]

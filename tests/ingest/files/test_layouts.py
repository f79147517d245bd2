"""Files that need no mapping: WeeWX's and OpenWeatherMap's histories, recognised by their columns."""

import gzip
import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sensorfusion.ingest.files.columns import sniffing
from sensorfusion.ingest.files.csv_tables import BadTable
from sensorfusion.ingest.files.layouts import OPENWEATHERMAP, WEEWX, lines_of, open_table, understood
from sensorfusion.ingest.files.rows import BadPlan, Column, Plan, column_of
from sensorfusion.ingest.steps.checking import check

NOW = datetime(2026, 11, 22, tzinfo=UTC)
# The same weather in WeeWX's three unit systems: 21.5 °C, 1013.25 hPa at sea level, 5 m/s, 2.54 mm, 7.62 mm/h.
US = {"usUnits": 1, "outTemp": 70.7, "barometer": 29.9212, "windSpeed": 11.1847, "rain": 0.1, "rainRate": 0.3}
METRIC = {"usUnits": 16, "outTemp": 21.5, "barometer": 1013.25, "windSpeed": 18.0, "rain": 0.254, "rainRate": 0.762}
METRICWX = {"usUnits": 17, "outTemp": 21.5, "barometer": 1013.25, "windSpeed": 5.0, "rain": 2.54, "rainRate": 7.62}
WEATHER = {"temperature": 21.5, "sea_level_pressure": 1013.25, "wind_speed": 5.0, "rain": 2.54, "rain_rate": 7.62}


def weewx(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write a database like WeeWX's, with a column for each field, some of them empty."""
    fields = ("usUnits", "interval", "outTemp", "barometer", "windSpeed", "windDir", "rain", "rainRate", "altimeter")
    with sqlite3.connect(path) as database:
        types = ", ".join(f"`{field}` REAL" for field in fields)
        database.execute(f"CREATE TABLE archive (`dateTime` INTEGER NOT NULL UNIQUE PRIMARY KEY, {types})")
        for number, row in enumerate(rows):
            values = [1_700_000_000 + 300 * number, *(row.get(field) for field in fields)]
            database.execute(f"INSERT INTO archive VALUES ({', '.join('?' * len(values))})", values)
    database.close()
    return path


def values_in(path: Path, plan: Plan | None = None, **options: Any) -> list[Mapping[str, Any]]:
    """Return the values of each row as they would be stored."""
    with open_table(str(path)) as table:
        read = understood(table, plan or Plan(), now=NOW, **options)
        lines = list(lines_of(read.rows, table))
    return [draft.values for line in lines for draft in check([line.sent], received_at=NOW).drafts]


# WeeWX


def test_a_weewx_database_is_read_row_by_row_in_the_units_each_row_says(tmp_path: Path) -> None:
    path = weewx(tmp_path / "weewx.sdb", [US, METRIC, METRICWX])

    found = values_in(path)

    assert found == [pytest.approx(WEATHER, rel=1e-4)] * 3
    with open_table(str(path)) as table:
        read = understood(table, Plan(), now=NOW)
        assert read.layout == WEEWX
        assert read.rows.not_taken == ("altimeter",)
        assert table.size == 3


def test_the_instant_of_a_weewx_row_is_its_date_time(tmp_path: Path) -> None:
    with open_table(str(weewx(tmp_path / "weewx.sdb", [US]))) as table:
        (line,) = lines_of(understood(table, Plan(), now=NOW).rows, table)

    assert check([line.sent], received_at=NOW).drafts[0].observed_at == datetime.fromtimestamp(1_700_000_000, UTC)


def test_a_weewx_row_without_a_value_leaves_it_out(tmp_path: Path) -> None:
    assert values_in(weewx(tmp_path / "weewx.sdb", [{**METRICWX, "rain": None}])) == [
        {name: value for name, value in WEATHER.items() if name != "rain"}
    ]


def test_an_unknown_unit_system_spoils_its_row_only(tmp_path: Path) -> None:
    with open_table(str(weewx(tmp_path / "weewx.sdb", [{**US, "usUnits": 5}, METRICWX]))) as table:
        first, second = lines_of(understood(table, Plan(), now=NOW).rows, table)

    assert first.sent.problem
    assert first.sent.problem[0] == "unknown_unit"
    assert check([second.sent], received_at=NOW).drafts


def test_a_packed_weewx_database_is_read_too(tmp_path: Path) -> None:
    packed = tmp_path / "weewx.sdb.gz"
    packed.write_bytes(gzip.compress(weewx(tmp_path / "weewx.sdb", [METRICWX]).read_bytes()))

    assert values_in(packed) == [WEATHER]


def test_weewx_as_csv_is_known_by_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "# dateTime,usUnits,interval,outTemp,barometer,windSpeed,rain,rainRate\n"
        "1700000000,1,5,70.7,29.9212,11.1847,0.1,0.3\n"
        "1700000300,17.0,5,21.5,1013.25,None,2.54,7.62\n"
    )

    first, second = values_in(tmp_path / "a.csv")

    assert first == pytest.approx(WEATHER, rel=1e-4)
    assert second == {name: value for name, value in WEATHER.items() if name != "wind_speed"}


def test_another_sqlite_database_is_refused_in_words(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("CREATE TABLE people (name TEXT)")
    database.close()

    with pytest.raises(BadTable, match="not WeeWX's"):
        open_table(str(tmp_path / "a.db"))


# OpenWeatherMap


def owm(hour: int, **more: Any) -> dict[str, Any]:
    """Return one hour in the format of the bulk list."""
    return {
        "city_name": "Zocca",
        "lat": 44.34,
        "lon": 10.99,
        "main": {"temp": 298.48, "temp_min": 297.56, "temp_max": 300.05, "pressure": 1015, "humidity": 64},
        "wind": {"speed": 0.62, "deg": 349},
        "clouds": {"all": 100},
        "weather": [{"id": 501, "main": "Rain", "description": "moderate rain", "icon": "10d"}],
        "dt": 1_661_868_000 + 3600 * hour,
        "dt_iso": "2022-08-30 14:00:00 +0000 UTC",
        "timezone": 7200,
        **more,
    }


OWM_VALUES = {
    "temperature": 25.33,
    "temperature_min": 24.41,
    "temperature_max": 26.9,
    "pressure": 1015,
    "humidity": 64,
    "wind_speed": 0.62,
    "wind_direction": 349,
    "cloud_cover": 100,
    "condition_code": 501,
    "condition": "Rain",
    "condition_text": "moderate rain",
    "city_name": "Zocca",
}


@pytest.mark.parametrize("pack", [lambda text: text, gzip.compress], ids=["plain", "packed"])
def test_a_bulk_list_is_in_kelvins(tmp_path: Path, pack: Any) -> None:
    (tmp_path / "zocca").write_bytes(pack(json.dumps([owm(0)]).encode()))

    assert values_in(tmp_path / "zocca") == [OWM_VALUES]


def test_rain_that_begins_late_in_the_list_is_not_overlooked(tmp_path: Path) -> None:
    hours = [owm(hour) for hour in range(250)] + [owm(250, rain={"1h": 3.16}, wind={"speed": 1, "gust": 9.5})]
    (tmp_path / "zocca.json").write_text(json.dumps(hours))

    found = values_in(tmp_path / "zocca.json")

    assert len(found) == 251
    assert "rain_1h" not in found[249]
    assert (found[250]["rain_1h"], found[250]["wind_gust"]) == (3.16, 9.5)


def test_the_csv_has_an_hour_once_for_each_kind_of_its_weather(tmp_path: Path) -> None:
    (tmp_path / "zocca.csv").write_text(
        "dt,dt_iso,timezone,city_name,lat,lon,temp,visibility,temp_min,temp_max,pressure,sea_level,grnd_level,"
        "humidity,wind_speed,wind_deg,clouds_all,weather_id,weather_main,weather_description,weather_icon\n"
        "1661868000,2022-08-30 14:00:00 +0000 UTC,7200,Zocca,44.34,10.99,298.48,,297.56,300.05,1015,,,"
        "64,0.62,349,100,501,Rain,moderate rain,10d\n"
        "1661868000,2022-08-30 14:00:00 +0000 UTC,7200,Zocca,44.34,10.99,298.48,,297.56,300.05,1015,,,"
        "64,0.62,349,100,701,Mist,mist,50d\n"
    )

    assert values_in(tmp_path / "zocca.csv") == [OWM_VALUES]
    with open_table(str(tmp_path / "zocca.csv")) as table:
        read = understood(table, Plan(), now=NOW)
        assert read.layout == OPENWEATHERMAP
        assert [line.sent.problem and line.sent.problem[0] for line in lines_of(read.rows, table)] == [None, "repeated"]


@pytest.mark.parametrize(("system", "temperature", "wind_speed"), [("metric", 18, 10), ("imperial", 64.4, 22.3694)])
def test_other_units_are_asked_for_and_taken(
    tmp_path: Path, system: str, temperature: float, wind_speed: float
) -> None:
    hour = owm(0, main={"temp": temperature}, wind={"speed": wind_speed})
    (tmp_path / "zocca.json").write_text(json.dumps([hour]))

    with pytest.raises(BadPlan, match="--units metric"):
        values_in(tmp_path / "zocca.json")
    (found,) = values_in(tmp_path / "zocca.json", system=system)

    assert (found["temperature"], found["wind_speed"]) == pytest.approx((18, 10), abs=1e-3)


# Other tables


def test_a_mapping_of_ones_own_goes_before_what_a_file_is_taken_for(tmp_path: Path) -> None:
    path = weewx(tmp_path / "weewx.sdb", [METRICWX])

    assert values_in(path, Plan(columns=(column_of("outTemp=soil_temperature"),), time_column="dateTime")) == [
        {"soil_temperature": 21.5}
    ]


def test_the_delimiter_is_found_in_the_header_and_a_comma_may_be_in_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Zeit;Temp;Regen\n2026-11-20 06:00Z;12,5;-0,25\n")
    plan = Plan(columns=(column_of("Temp=temperature"), column_of("Regen=leaf_count")), time_column="Zeit")

    assert values_in(tmp_path / "a.csv", plan) == [{"temperature": 12.5, "leaf_count": -0.25}]


def test_objects_of_any_shape_are_mapped_by_their_names(tmp_path: Path) -> None:
    lines = [{"when": 1_700_000_000, "air": {"t": "70.7", "h": None}}, {"when": 1_700_000_300, "air": {"t": -9999}}]
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, lines)))
    plan = Plan(columns=(column_of("air.t=temperature:°F"), column_of("air.h=humidity")), time_column="when")

    assert values_in(tmp_path / "a.ndjson", plan) == [{"temperature": 21.5}]


# Malicious files


def test_a_file_without_line_ends_is_not_read_into_memory(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"x" * (3 << 20))

    with open_table(str(tmp_path / "a.csv")) as table, pytest.raises(BadTable, match="not a table"):
        list(table)


def test_what_unpacks_without_end_is_not_written_to_the_disk(tmp_path: Path) -> None:
    path = weewx(tmp_path / "weewx.sdb", [METRICWX])
    path.write_bytes(gzip.compress(path.read_bytes() + bytes(3 << 20)))

    with pytest.raises(BadTable, match="larger than 2,000,000 bytes when it is unpacked"):
        open_table(str(path), most_unpacked=2_000_000)


def test_a_view_in_place_of_the_archive_is_not_run(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute(
            "CREATE VIEW archive AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n"
        )
    database.close()

    with pytest.raises(BadTable, match="it has no table archive"):
        open_table(str(tmp_path / "a.db"))


# Guessing


@pytest.mark.parametrize(
    ("name", "quantity", "unit"),
    [
        ("Temp (°F)", "temperature", "°F"),
        ("wind gust [km/h]", "wind_gust", "km/h"),
        ("Wind", "wind_speed", ""),
        ("Barometer (inHg)", "sea_level_pressure", "inHg"),
        ("air_temperature", "temperature", ""),
        ("Humidity (indoors)", "indoor_humidity", ""),
    ],
)
def test_a_columns_name_says_what_it_holds(name: str, quantity: str, unit: str) -> None:
    assert sniffing.column(name) == Column(name, quantity, unit)


def test_the_time_is_found_by_its_name_else_it_is_the_first_column() -> None:
    assert sniffing.time_column(["a", " Date Time ", "b"]) == "Date Time"
    assert sniffing.time_column(["a", "b"]) == "a"
    assert sniffing.column("Remarks") is None

"""Conversion of text rows: quantities, units, and times of every kind."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.demo.stations import PLAN
from sensorfusion.domain.normalise import check_values
from sensorfusion.ingest.files.rows import BadPlan, Column, Line, Plan, Rows, column_of
from sensorfusion.ingest.steps.checking import check

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read(*rows: str, header: str = "observed_at,temp", **plan: Any) -> list[Line]:
    plan = {"columns": (column_of("temp=temperature:°F"),), **plan}
    reader = Rows(Plan(**plan), header.split(","))
    return [reader.read(number, row.split(",")) for number, row in enumerate(rows, 2)]


def problem(line: Line) -> str:
    return line.sent.problem[0] if line.sent.problem else ""


def instants(lines: list[Line]) -> list[str]:
    return [f"{datetime.fromisoformat(str(line.sent.observed_at)).astimezone(UTC):%dT%H:%M}" for line in lines]


# Columns


def test_a_column_names_its_quantity_and_unit() -> None:
    assert column_of("temp=temperature:°F") == Column("temp", "temperature", "°F")
    assert column_of("visib = visibility : [mi_i]") == Column("visib", "visibility", "[mi_i]")
    assert column_of("humid=rh") == Column("humid", "humidity")
    assert column_of("x=leaf_colour") == Column("x", "leaf_colour")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("temp", "write column=quantity"),
        ("=temperature", "write column=quantity"),
        ("temp=", "write column=quantity"),
        ("temp=temperature:furlong", "the unit 'furlong' is not known"),
        ("temp=temperature:mph", "temperature is kept in Cel"),
        ("x=leaf_colour:mm", "would be lost"),
        ("x=condition:mm", "would be lost"),
    ],
)
def test_a_column_that_cannot_be_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(BadPlan, match=said):
        column_of(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [("9th", "x_9th"), ("Kühlraum °C", "Kuhlraum_degC"), ("влажность", "vlazhnost"), ("Leaf colour", "Leaf_colour")],
)
def test_a_name_that_people_write_is_kept_in_letters_that_names_may_have(written: str, name: str) -> None:
    assert column_of(f"x={written}").quantity == name


def test_an_unknown_column_is_answered_with_the_columns_there_are() -> None:
    with pytest.raises(BadPlan, match=r"'temp' is not in the file\. The columns are: observed_at, dewp"):
        read(header="observed_at,dewp")


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(BadPlan, match="more than once"):
        read(header="observed_at,temp,temp")


def test_two_columns_cannot_be_one_quantity() -> None:
    with pytest.raises(BadPlan, match="More than one column is mapped to temperature"):
        read(header="observed_at,a,b", columns=(Column("a", "temperature"), Column("b", "temperature")))


def test_without_a_map_columns_named_like_known_quantities_are_taken() -> None:
    (line,) = read("2026-01-01T00:00Z,4,blue,60", header="observed_at,Temp,paint,humidity", columns=())

    assert line.sent.values == {"temperature": 4.0, "humidity": 60.0}


def test_without_a_map_and_known_names_there_is_nothing_to_take() -> None:
    with pytest.raises(BadPlan, match="each must be given one"):
        read(header="observed_at,paint", columns=())


# Values


def test_values_are_converted_to_the_units_they_are_kept_in() -> None:
    (line,) = read("2026-01-01T00:00Z,39.02")

    assert line.sent.values == {"temperature": 3.9}


def test_missing_markers_and_empty_values_are_left_out() -> None:
    lines = read("2026-01-01T00:00Z,NA", "2026-01-01T01:00Z, ", "2026-01-01T02:00Z, NA ", missing=frozenset({"NA"}))

    assert [line.sent.values for line in lines] == [{}, {}, {}]


@pytest.mark.parametrize("text", ["NA", "N/A", "NaN", "nan", "null", "None", "--", "-9999", "-9999.0", "-999.9", ""])
def test_what_other_programs_write_for_no_value_is_left_out(text: str) -> None:
    checked = check(
        [read(f"2026-01-01T00:00Z,{text},1", header="observed_at,temp,rain", columns=())[0].sent], received_at=NOW
    )

    assert not checked.rejected
    assert [draft.values for draft in checked.drafts] == [{"rain": 1.0}]


def test_a_marker_of_the_files_own_is_left_out_where_it_is_named() -> None:
    row = "2026-01-01T00:00Z,gone"

    assert read(row, missing=frozenset({"gone"}))[0].sent.values == {}
    assert [each.code for each in check([read(row)[0].sent], received_at=NOW).rejected] == ["not_a_number"]


@pytest.mark.parametrize("cell", [-99, -99.0, float("nan"), None])
def test_markers_are_numbers_where_a_file_has_types(cell: object) -> None:
    reader = Rows(Plan(columns=(column_of("t=temperature"),), missing=frozenset({"-99"})), ["observed_at", "t"])

    assert reader.read(2, [1_700_000_000, cell]).sent.values == {}
    assert reader.read(3, [1_700_000_000, -98]).sent.values == {"temperature": -98}


def test_whole_numbers_of_more_digits_than_a_float_has_stay_exact() -> None:
    (line,) = read("2026-01-01T00:00Z,9007199254740993", header="observed_at,n", columns=(Column("n", "leaf_count"),))

    assert line.sent.values == {"leaf_count": 9007199254740993}


@pytest.mark.parametrize("text", ["70.1", "1048", "-9999", "1_0", "1e400", "x", "0", " 12 ", "140.5"])
@pytest.mark.parametrize(
    "column", ["v=wind_speed:mph", "v=temperature:°F", "v=humidity", "v=condition", "v=leaf_count"]
)
def test_a_value_means_what_the_checks_of_every_door_say_it_means(column: str, text: str) -> None:
    """Check that the cache of values does not change their meaning."""
    plan = column_of(column)
    (line,) = read(f"2026-01-01T00:00Z,{text}", header="observed_at,v", columns=(plan,))
    given: object = text.strip()
    if plan.quantity != "condition" and text not in ("x", "1_0"):
        given = float(text)

    expected = check_values({plan.quantity: {"value": given, "unit": plan.unit} if plan.unit else given})

    assert isinstance(line.sent.values, dict)
    assert check_values(line.sent.values) == expected


def test_text_stays_text_where_text_is_measured() -> None:
    (line,) = read("2026-01-01T00:00Z,10", header="observed_at,sky", columns=(Column("sky", "condition"),))

    assert line.sent.values == {"condition": "10"}


def test_the_absurd_wind_is_refused_with_the_value_of_the_file() -> None:
    header = "origin,time_hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib"
    row = "EWR,2013-02-12T08:00:00Z,39.02,26.96,61.63,260,1048.36058,NA,0,1008.3,10"
    line = Rows(PLAN, header.split(",")).read(1011, row.split(","))

    checked = check([line.sent], received_at=NOW)

    assert line.sensor == "EWR"
    assert [(each.quantity, each.code) for each in checked.rejected] == [("wind_speed", "out_of_range")]
    assert "1048.36058 mph" in checked.rejected[0].detail
    assert checked.drafts[0].values["temperature"] == 3.9
    assert "wind_speed" not in checked.drafts[0].values


@pytest.mark.parametrize("row", ["2026-01-01T00:00Z", "2026-01-01T00:00Z,1,2"])
def test_a_line_with_other_columns_than_the_header_is_unreadable(row: str) -> None:
    assert problem(read(row)[0]) == "unreadable"


def test_empty_values_after_the_last_column_do_no_harm() -> None:
    assert read("2026-01-01T00:00Z,50,,")[0].sent.values == {"temperature": 10.0}


# Times


def test_a_line_without_a_time_is_not_of_now() -> None:
    assert problem(read(",39.02")[0]) == "bad_time"


def test_naive_times_are_refused_without_a_zone() -> None:
    checked = check([read("2026-01-01 00:00,39.02")[0].sent], received_at=NOW)

    assert [each.code for each in checked.rejected] == ["no_time_zone"]


def test_naive_times_are_taken_as_those_of_the_zone() -> None:
    lines = read("2013-01-15 06:00,1", "2013-07-15 06:00,1", "2013-07-16T06:00Z,1", time_zone=NEW_YORK)

    assert instants(lines) == ["15T11:00", "15T10:00", "16T06:00"]


def test_epoch_seconds_pass_with_a_zone_too() -> None:
    (line,) = read("1384000000,1", time_zone=NEW_YORK)

    assert check([line.sent], received_at=NOW).drafts[0].observed_at == datetime.fromtimestamp(1384000000, UTC)


def test_the_hour_that_clocks_repeat_is_told_apart_by_the_order_of_rows() -> None:
    rows = [f"2013-11-03 {clock},1" for clock in ("00:30", "01:00", "01:30", "01:00", "01:30", "02:00")]

    assert instants(read(*rows, time_zone=NEW_YORK)) == [
        f"03T{utc}" for utc in ("04:30", "05:00", "05:30", "06:00", "06:30", "07:00")
    ]


def test_each_sensor_has_its_own_order_of_rows() -> None:
    rows = [f"2013-11-03 01:00,1,{sensor}" for sensor in ("a", "b", "a", "b")]

    lines = read(*rows, header="observed_at,temp,who", sensor_column="who", time_zone=NEW_YORK)

    assert instants(lines) == ["03T05:00", "03T05:00", "03T06:00", "03T06:00"]


def test_an_hour_that_clocks_skip_did_not_happen() -> None:
    before, skipped, after = read("2013-03-10 01:30,1", "2013-03-10 02:30,1", "2013-03-10 03:30,1", time_zone=NEW_YORK)

    assert problem(skipped) == "bad_time"
    assert instants([before, after]) == ["10T06:30", "10T07:30"]


def test_a_time_format_reads_what_is_no_rfc_3339() -> None:
    good, bad = read("15.07.2013 6:00,1", "2013-07-15,1", time_format="%d.%m.%Y %H:%M", time_zone=NEW_YORK)

    assert instants([good]) == ["15T10:00"]
    assert problem(bad) == "bad_time"


def test_a_time_at_the_edge_of_the_calendar_is_refused() -> None:
    assert problem(read("0001-01-01 00:00,1", time_zone=ZoneInfo("Asia/Tokyo"))[0]) == "bad_time"

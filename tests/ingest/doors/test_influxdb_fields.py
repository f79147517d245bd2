"""Tags make the identity of a value: what differs in a tag only never takes another's place."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.line_protocol import Point, parse
from sensorfusion.ingest.doors import influxdb_fields
from sensorfusion.ingest.doors.influxdb_fields import fields_of_point
from sensorfusion.ingest.steps.batch import Field, Meaning, Sent, Source
from sensorfusion.ingest.steps.naming import decide, deciding, named

TELEGRAF = """
cpu,cpu=cpu0,host=a usage_idle=99,usage_user=1 7
cpu,cpu=cpu1,host=a usage_idle=98,usage_user=2 7
cpu,cpu=cpu-total,host=a usage_idle=98.5 7
disk,device=sda1,fstype=ext4,mode=rw,path=/,host=a used_percent=50 7
disk,device=sdb1,fstype=ext4,mode=rw,path=/data,host=a used_percent=70 7
net,interface=eth0,host=a bytes_recv=1i 7
net,interface=lo,host=a bytes_recv=5i 7
mem,host=a used_percent=33.1 7
"""
NAMED = {"foo": Meaning("humidity"), "temp": Meaning("soil_temperature", "[degF]")}
tags = st.dictionaries(
    st.sampled_from(["host", "cpu", "room", "model", "unit2", "path"]), st.sampled_from(["a", "b", "/", "c 1"])
)


def points(text: str) -> list[Point]:
    return [each for each in parse(text) if isinstance(each, Point)]


def fields(text: str) -> list[Field]:
    return [field for point in points(text) for field in fields_of_point(point)]


def names(text: str) -> dict[str, str]:
    return decide(fields(text), {}, taken=set())


def test_a_flush_of_telegraf_can_be_found() -> None:
    assert sorted(names(TELEGRAF).values()) == [
        "cpu.usage_idle:cpu-total",
        "cpu.usage_idle:cpu0",
        "cpu.usage_idle:cpu1",
        "cpu.usage_user:cpu0",
        "cpu.usage_user:cpu1",
        "disk.used_percent:data",
        "disk.used_percent:root",
        "mem.used_percent",
        "net.bytes_recv:eth0",
        "net.bytes_recv:lo",
    ]


def test_names_do_not_depend_on_the_order_and_the_grouping_of_lines() -> None:
    lines = TELEGRAF.strip().splitlines()
    whole = names(TELEGRAF)
    for order in list(permutations(lines))[::5000]:
        decided: dict[str, str] = {}
        for line in order:
            decided |= decide(fields(line), decided, taken=set())

        assert decided == whole


@given(st.lists(tags, min_size=2, max_size=6, unique_by=lambda each: tuple(sorted(each.items()))))
def test_points_that_differ_in_a_tag_are_different_quantities(several: list[dict[str, str]]) -> None:
    decided: dict[str, str] = {}
    for one in several:
        for field in fields_of_point(Point(1, "weather", one, {"temp": 1.0, "odd": 2.0, "value": 3.0}, 7)):
            decided |= decide([field], decided, taken=set())

    assert len(set(decided.values())) == 3 * len(several)


def test_a_second_host_gets_a_name_and_the_first_keeps_its_own() -> None:
    first = names("mem,host=a used=1")
    both = first | decide(fields("mem,host=b used=2\nmem used=3"), first, taken=set())

    assert both == {"mem,host=a used": "mem.used", "mem,host=b used": "mem.used:b", "mem used": "mem.used:mem"}


def test_a_common_name_is_the_quantity_and_its_second_source_is_told_by_its_tags() -> None:
    decided = names("w,room=attic temp=21\nw,room=cellar temp=12")

    assert sorted(decided.values()) == ["temperature", "temperature:cellar"]


def test_settings_may_name_the_main_source_by_the_name_it_had() -> None:
    text = "weather,station=roof foo=1,temp=2"
    source = deciding(Source(1, ""), names(text))
    mapped = Source(1, "", {"weather.foo": NAMED["foo"], "temp": NAMED["temp"]}, source.fields, source.fed)

    assert named(Sent({}, fields=fields(text)), mapped).values == {
        "humidity": 1.0,
        "soil_temperature": {"value": 2.0, "unit": "[degF]"},
    }


def test_a_tag_may_name_the_unit() -> None:
    (known,) = fields("temperature,unit=°F value=70")
    (other,) = fields("height,unit=furlong value=2")

    assert known.value == {"value": 70.0, "unit": "°F"}
    assert other.label == "height (furlong)"


def test_a_number_in_a_tag_called_unit_is_no_unit() -> None:
    (field,) = fields("power,unit=3 value=70")

    assert field.value == 70.0


def test_the_tag_that_names_the_sensor_is_not_in_the_identity() -> None:
    (point,) = points("w,station=roof,host=pi t=1")

    assert [field.source for field in fields_of_point(point, named_by="station")] == ["w,host=pi t"]


def test_measurement_and_field_are_told_apart() -> None:
    assert len({field.source for field in fields("a.b c=1\na b.c=2")}) == 2


def test_a_remembered_field_has_the_value_of_its_own_point() -> None:
    first, second = fields("w,host=a foo=1\nw,host=a foo=2")

    assert (first.value, second.value) == (1, 2)
    assert first._replace(value=2) == second


def test_the_same_series_is_remembered_apart_for_each_tag_that_names_the_sensor() -> None:
    [point] = points("w,host=a,room=b foo=1")

    assert [one.source for tag in ("host", "room", "") for one in fields_of_point(point, named_by=tag)] == [
        "w,room=b foo",
        "w,host=a foo",
        "w,host=a,room=b foo",
    ]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: dict[Any, Any] = {}
    monkeypatch.setattr(influxdb_fields, "_remembered", remembered)
    monkeypatch.setattr(influxdb_fields, "_MOST_REMEMBERED", 10)

    assert len(fields("\n".join(f"w{number} foo=1" for number in range(25)))) == 25
    assert fields(f"{'w' * 300} foo=1")
    assert len(remembered) == 5

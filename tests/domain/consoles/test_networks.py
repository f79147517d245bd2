"""Each network's table of fields: every field has a source, and means at an address what its network says."""

from collections.abc import Mapping

import pytest

from sensorfusion.domain.consoles.field import Field, cited
from sensorfusion.domain.consoles.networks import FIELDS, NETWORKS, Family
from sensorfusion.domain.consoles.sources import SOURCES
from sensorfusion.domain.consoles.wow import sends_an_hour
from sensorfusion.domain.consoles.wslink import WSLINK_SOIL

# Names that mean different things to different networks: the quantity, and the unit that numbers are in.
DIFFERENT: Mapping[str, Mapping[Family, tuple[str, str]]] = {
    "visibility": {
        "common": ("visibility", "[nmi_i]"),
        "pwsweather": ("visibility", "[nmi_i]"),
        "wow": ("visibility", "km"),
        "wow_hourly": ("visibility", "km"),
    },
    "rainin": {
        "common": ("rain_1h", "[in_i]"),
        "pwsweather": ("rain_1h", "[in_i]"),
        "wow": ("rain", "[in_i]"),
        "wow_hourly": ("rain_1h", "[in_i]"),
    },
    "hourlyrainin": {"common": ("rain_1h", "[in_i]"), "ambient": ("rain_rate", "[in_i]/h")},
    "lightning_distance": {"ambient": ("lightning_distance", "km")},
    "lightning": {"common": ("lightning_distance", "km")},
    "monthrainin": {"pwsweather": ("rain_month", "[in_i]")},
    "yearrainin": {"pwsweather": ("rain_year", "[in_i]")},
    "batt1": {"common": ("battery_low.1", ""), "ambient": ("battery_low.1", "")},
}


@pytest.mark.parametrize("family", list(FIELDS))
def test_every_field_has_a_source(family: Family) -> None:
    assert without_source(FIELDS[family]) == []


@pytest.mark.parametrize("fields", [*NETWORKS.values(), WSLINK_SOIL], ids=[*NETWORKS, "WSLink, soil"])
def test_every_table_of_a_network_has_sources(fields: Mapping[str, Field]) -> None:
    assert len(fields) > 10
    assert without_source(fields) == []


def test_field_without_a_source_is_found() -> None:
    assert without_source({"tempf": Field("temperature"), "humidity": Field("humidity", source="wow")}) == ["tempf"]
    assert without_source(cited("hearsay", {"tempf": Field("temperature")})) == ["tempf"]


def without_source(fields: Mapping[str, Field]) -> list[str]:
    return [name for name, field in fields.items() if field.source not in SOURCES]


def test_every_source_is_used_and_can_be_read() -> None:
    used = {field.source for fields in FIELDS.values() for field in fields.values()}

    assert used == set(SOURCES)
    assert [key for key, each in SOURCES.items() if not each.title or not each.address.startswith("https://")] == []


@pytest.mark.parametrize("name", list(DIFFERENT))
def test_name_means_at_an_address_what_its_network_says(name: str) -> None:
    found = {family: FIELDS[family][name] for family in DIFFERENT[name]}

    assert {family: (field.quantity, field.unit) for family, field in found.items()} == DIFFERENT[name]


def test_names_of_two_meanings_are_all_listed() -> None:
    meanings: dict[str, set[tuple[str, str, str]]] = {}
    for family in FIELDS:
        for name, field in FIELDS[family].items():
            meanings.setdefault(name, set()).add((field.quantity, field.unit, field.kind))

    assert {name for name, each in meanings.items() if len(each) > 1} - set(DIFFERENT) - BATTERIES == set()


BATTERIES = {f"batt{number}" for number in range(1, 11)}  # 1 is low to Ecowitt, and good to Ambient


@pytest.mark.parametrize(
    ("program", "is_hourly"),
    [("weewx-5.1.0", True), ("Cumulus v4.6.0", True), ("", False), ("MyStation1.0", False), ("not-weewx", False)],
)
def test_programs_that_send_the_rain_of_an_hour_to_wow_are_known(program: str, is_hourly: bool) -> None:
    assert sends_an_hour(program) is is_hourly

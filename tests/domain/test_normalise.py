"""The value check: what is kept, converted, flagged, omitted and refused; no input makes it raise."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.normalise import MAX_QUANTITIES, Accepted, RefusedValue, check_values, normalise
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities import ALIASES, CATALOGUE, known_quantity
from sensorfusion.domain.repeated import Repeated
from sensorfusion.domain.units import UNITS


def kept(values: dict[str, object]) -> dict[str, Any]:
    """Return the kept values of a valid reading."""
    result, flags, refusals = check_values(values)
    assert flags is None
    assert refusals is None
    return result


def refusal(name: str, raw: object) -> RefusedValue:
    """Return the reason why a reading's only value is refused."""
    result, flags, refusals = check_values({name: raw})
    assert result == {}
    assert flags is None
    assert refusals is not None
    (only,) = refusals
    return only


def short(raw: object) -> str:
    return repr(raw)[:24]


# Numbers


def test_plain_numbers_are_kept_as_they_are() -> None:
    values = {"temperature": 21.4, "humidity": 60, "pressure": 1013.2, "wind_direction": 270, "leaf_colour": 3}

    assert kept(dict(values)) == values


@pytest.mark.parametrize(("text", "number"), [("21.4", 21.4), ("080", 80.0), (" 7 ", 7.0), ("2.3e-09", 2.3e-9)])
def test_numeral_in_text_is_a_number(text: str, number: float) -> None:
    assert kept({"humidity": text}) == {"humidity": number}


@pytest.mark.parametrize(
    "raw",
    [
        "warm",
        "1,013",
        "1_0",
        "12:30",
        "2026-11-22",
        "inf",
        "1e999",
        "1e999 °C",
        "1" * 65,
        math.inf,
        -math.inf,
        True,
        [21],
        {},
        {"v": 1},
        2**63,
    ],
    ids=short,
)
def test_what_is_no_number_is_refused_where_one_is_needed(raw: object) -> None:
    assert refusal("temperature", raw).code == "not_a_number"


def test_integer_of_thousands_of_digits_is_refused_with_a_short_reason() -> None:
    why = refusal("temperature", -(10**5000))

    assert why == RefusedValue(
        "temperature", "not_a_number", "an integer beyond 64 bits is not a number that can be kept"
    )


@pytest.mark.parametrize("name", ["uptime", "leaf_colour"])
def test_number_too_large_for_a_float_is_refused(name: str) -> None:
    assert refusal(name, 10**400).code == "not_a_number"
    assert refusal(name, math.inf).code == "not_a_number"


@pytest.mark.parametrize(
    "text", ["21,5", "21,50", "+21.5", "21.5 °C", "21.5C", "70,7°F", "294.65 K", " 21,5\N{NO-BREAK SPACE}°C "]
)
def test_number_in_text_may_have_a_decimal_comma_and_a_unit(text: str) -> None:
    assert kept({"temperature": text}) == {"temperature": 21.5}


def test_comma_before_three_digits_is_refused_because_it_may_part_thousands() -> None:
    assert refusal("pressure", "1,013 hPa").detail == "'1,013' may be 1013 or 1.013: write a point"
    assert kept({"rain_total": "0,125", "pressure": "1013,25"}) == {"rain_total": 0.125, "pressure": 1013.25}


# Units


def test_unit_in_the_text_counts_more_than_one_beside_it() -> None:
    assert kept({"temperature": {"value": "70.7 °F", "unit": "Cel"}}) == {"temperature": 21.5}


@pytest.mark.parametrize(("text", "code"), [("21.5 bananas", "unknown_unit"), ("1013 hPa", "wrong_unit")])
def test_unit_in_the_text_that_does_not_fit_is_refused(text: str, code: str) -> None:
    assert refusal("temperature", text).code == code


def test_value_with_a_unit_is_converted_and_rounded() -> None:
    assert kept({"temperature": {"value": 70.1, "unit": "°F"}}) == {"temperature": 21.1667}


def test_value_in_the_canonical_unit_is_not_rounded() -> None:
    assert kept({"pressure": {"value": 1013.23456, "unit": "mbar"}}) == {"pressure": 1013.23456}


@pytest.mark.parametrize("unit", [None, ""])
def test_no_unit_means_the_canonical_one(unit: str | None) -> None:
    assert kept({"temperature": {"value": "20", "unit": unit}}) == {"temperature": 20.0}


def test_unit_nobody_knows_is_refused() -> None:
    why = refusal("temperature", {"value": 20, "unit": "Réaumur"})

    assert why == RefusedValue("temperature", "unknown_unit", "the unit 'Réaumur' is not known")


def test_unit_that_is_no_text_is_refused() -> None:
    assert refusal("temperature", {"value": 20, "unit": ["F"]}).code == "unknown_unit"


def test_unit_of_something_else_is_refused() -> None:
    why = refusal("temperature", {"value": 20, "unit": "hPa"})

    assert why.code == "wrong_unit"
    assert why.detail == "temperature is kept in Cel: hPa is a unit of pressure, Cel of temperature"


def test_unit_of_a_quantity_without_one_is_ignored() -> None:
    assert kept({"condition_code": {"value": 501, "unit": "code"}}) == {"condition_code": 501}


def test_conversion_that_leaves_the_floats_is_refused() -> None:
    assert refusal("uptime", {"value": 1e308, "unit": "d"}).code == "not_a_number"


# Limits and flags


def test_wind_of_1048_mph_is_refused_with_value_unit_and_limit() -> None:
    why = refusal("wind_speed", {"value": 1048, "unit": "mph"})

    assert why.code == "out_of_range"
    assert why.detail == "468.498 m/s (sent as 1048 mph) is above the highest possible wind_speed of 200 m/s"


def test_value_below_the_lowest_possible_is_refused() -> None:
    assert refusal("uv_index", -1).detail == "-1 is below the lowest possible uv_index of -0.5"


@pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE.values() if entry.clamp_low is not None])
def test_noise_around_a_physical_zero_is_zero_and_good(name: str) -> None:
    lowest = CATALOGUE[name].impossible_below

    assert lowest is not None
    assert lowest < 0
    assert check_values({name: lowest}) == ({name: 0}, None, None)
    assert refusal(name, lowest * 1.01).code == "out_of_range"


@pytest.mark.parametrize("name", ["leaf_colour", "rain_total", "energy:roof"])
def test_a_number_beyond_all_measurements_is_kept_and_flagged_bad(name: str) -> None:
    values, flags, _ = check_values({name: 1e308, "temperature": 20})

    if name in values:
        assert (values[name], flags) == (1e308, {name: 4})
    else:
        assert refusal(name, 1e308).code == "out_of_range"


def test_what_cannot_be_negative_has_a_zero_whose_noise_is_kept() -> None:
    never = {"visibility", "lightning_distance", "lightning_count", "lightning_count_day", "aqi", "beaufort", "uptime"}
    directions = {name for name, entry in CATALOGUE.items() if entry.combine == "vector"}

    at_zero = {name for name, entry in CATALOGUE.items() if entry.plausible_low == 0 and entry.clamp_low is None}

    assert at_zero - directions <= never | {"cloud_base"}


def test_doubtful_value_is_kept_and_flagged() -> None:
    assert check_values({"temperature": 70.5, "humidity": 50}) == (
        {"temperature": 70.5, "humidity": 50},
        {"temperature": Flag.BAD},
        None,
    )


def test_contradiction_is_kept_and_flagged() -> None:
    assert check_values({"wind_speed": 9.0, "wind_gust": 3.0})[1] == {"wind_gust": Flag.SUSPECT}


def test_worse_flag_wins() -> None:
    _, flags, _ = check_values({"temperature_min": 75, "temperature_max": 20})

    assert flags == {"temperature_min": Flag.BAD, "temperature_max": Flag.SUSPECT}
    assert all(type(flag) is int for flag in flags.values())


@pytest.mark.parametrize(("raw", "value"), [(100, 100), (100.1, 100), ("103", 100), (99.9, 99.9)])
def test_humidity_a_little_above_100_reads_as_100(raw: object, value: float) -> None:
    assert kept({"humidity": raw}) == {"humidity": value}


def test_humidity_far_above_100_is_flagged_not_clamped() -> None:
    assert check_values({"humidity": 105}) == ({"humidity": 105}, {"humidity": Flag.BAD}, None)


def test_north_stays_360_and_the_direction_of_a_calm_stays() -> None:
    values = {"wind_speed": 0.0, "wind_gust": 0.0, "wind_direction": 360}

    assert kept(dict(values)) == values


# Missing


@pytest.mark.parametrize(
    "raw",
    [None, "", " ", "--", "---", -9999, -9999.0, -999.9, "-9999", "-999.90", math.nan, {"value": None}],
    ids=short,
)
@pytest.mark.parametrize("name", ["temperature", "rain_total", "power", "condition", "occupancy", "leaf_colour"])
def test_missing_value_is_left_out_silently(name: str, raw: object) -> None:
    assert kept({name: raw, "humidity": 60}) == {"humidity": 60}


@pytest.mark.parametrize(
    "word", ["nan", "-NaN", "null", "None", "n/a", "Unknown", " unavailable ", "--.-", "—", "-nan(ind)"]
)
def test_word_for_no_value_is_missing_except_where_text_is_expected(word: str) -> None:
    assert kept({"temperature": word, "occupancy": word, "leaf_colour": word, "humidity": 60}) == {"humidity": 60}
    assert kept({"condition": word}) == {"condition": word}


@pytest.mark.parametrize("name", ["temperature", "leaf_colour"])
@pytest.mark.parametrize("word", ["inf", "-Infinity", "ovf"])
def test_infinity_in_text_is_refused_by_name(name: str, word: str) -> None:
    assert refusal(name, word).code == "not_a_number"
    assert refusal(name, word).quantity == name


# Names with two values


def test_second_value_of_a_name_is_refused_and_the_first_is_kept() -> None:
    values, _, refusals = check_values({"temperature": Repeated(1, 2), "humidity": 60})

    assert values == {"temperature": 1, "humidity": 60}
    assert refusals == [
        RefusedValue(
            "temperature",
            "conflict",
            "temperature is 2 here and 1 before in the same reading, which is kept: give each its own time, or its own"
            " name",
        )
    ]


@pytest.mark.parametrize(
    "raw",
    [
        Repeated("21.0", 21),
        Repeated(21, None),
        Repeated({"value": 21, "unit": "Cel"}, {"value": 69.8, "unit": "°F"}),
        {"value": Repeated(21, 21.0), "unit": "Cel"},
    ],
    ids=short,
)
def test_second_value_that_means_the_same_or_is_missing_is_no_conflict(raw: object) -> None:
    assert kept({"temperature": raw}) == {"temperature": 21}


@pytest.mark.parametrize(
    "raw", [{"value": Repeated(1, 2), "unit": "°F"}, {"value": 1, "unit": Repeated("°F", "K")}], ids=short
)
def test_repeated_parts_of_a_value_are_read_as_the_first(raw: object) -> None:
    assert check_values({"temperature": raw})[0] == {"temperature": -17.2222}


# Text and booleans


def test_text_is_kept() -> None:
    values = {"condition": "Rain", "city_name": "Žilina", "note": "x" * 255}

    assert kept(dict(values)) == values


def test_number_where_text_is_expected_is_kept_as_text() -> None:
    assert kept({"condition_text": 7}) == {"condition_text": "7"}


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("note", "x" * 256, "text_too_long"),
        ("condition", "x" * 100_000, "text_too_long"),
        ("note", "a\0b", "bad_text"),
        ("note", "\ud800", "bad_text"),
        ("condition", True, "bad_text"),
        ("condition", ["Rain"], "bad_text"),
        ("note", ["a"], "not_a_number"),
        ("occupancy", "maybe", "not_a_boolean"),
        ("occupancy", 2, "not_a_boolean"),
        ("door_open", [], "not_a_boolean"),
    ],
    ids=short,
)
def test_text_that_cannot_be_kept_is_refused(name: str, raw: object, code: str) -> None:
    assert refusal(name, raw).code == code


@pytest.mark.parametrize(
    ("raw", "value"), [(True, True), (0, False), (1.0, True), ("ON", True), ("closed", False), ("1", True)]
)
def test_what_means_true_or_false_is_a_boolean(raw: object, value: bool) -> None:
    assert kept({"door_open": raw})["door_open"] is value


def test_boolean_of_an_unknown_quantity_is_kept() -> None:
    assert kept({"pump": True}) == {"pump": True}


def test_unknown_quantity_is_kept_as_given_whatever_its_unit() -> None:
    values = {"ph": {"value": 6.5, "unit": "pH"}, "tank": {"value": 70, "unit": "°F"}, "code": {"value": "a"}}

    assert kept(values) == {"ph": 6.5, "tank": 70, "code": "a"}


# Names


@pytest.mark.parametrize("name", ["", "1st", "a b", "x" * 65, "ü", "a\n", "_x", "\ud800"], ids=short)
def test_bad_name_is_refused(name: str) -> None:
    why = refusal(name, 1)

    assert why.code == "bad_name"
    assert len(why.quantity) <= 64
    json.dumps([why.quantity, why.detail]).encode()
    why.quantity.encode()


def test_name_that_others_use_becomes_ours() -> None:
    assert kept({"air_temperature": 20, "Humidity": "55"}) == {"temperature": 20, "humidity": 55}


@pytest.mark.parametrize("names", [("temp", "temperature"), ("temperature", "temp")])
def test_our_own_name_wins_over_an_alias(names: tuple[str, str]) -> None:
    given = {name: 20 if name == "temperature" else 30 for name in names}

    values, _, refusals = check_values(given)

    assert values == {"temperature": 20}
    assert refusals == [RefusedValue("temp", "bad_name", "temp means temperature, which this reading has already")]


def test_first_of_two_aliases_wins() -> None:
    values, _, refusals = check_values({"temp": 20, "air_temperature": 30})

    assert values == {"temperature": 20}
    assert refusals is not None
    assert refusals[0].quantity == "air_temperature"


@pytest.mark.parametrize("empty", [None, {"value": "--"}])
def test_alias_stands_in_for_our_name_when_that_is_missing(empty: object) -> None:
    assert kept({"temp": 20, "temperature": empty}) == {"temperature": 20}


def test_what_a_reading_has_beyond_500_quantities_is_left_out_and_said() -> None:
    values = {f"q{number}": number for number in range(MAX_QUANTITIES + 5)}

    kept, _, refusals = check_values(values)

    assert list(kept) == list(values)[:MAX_QUANTITIES]
    assert refusals is not None
    assert (refusals[0].quantity, refusals[0].code) == ("q500", "too_many_quantities")
    assert refusals[0].detail.endswith("5 are left out: q500, q501, q502, …")
    assert check_values(dict(list(values.items())[:MAX_QUANTITIES]))[2] is None


# Properties

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["", "--", "080", "-9999", "1e400", -9999, -999.9, 10**400, "\ud800", "\0"])
)
JSON = st.recursive(SCALARS, lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part, max_size=3))
SENSIBLE = st.floats(-10, 120) | st.integers(-10, 1100) | st.floats(-10, 120).map(str)
UNIT = st.sampled_from(["°C", "°F", "%", "mph", "inHg", "in", *UNITS]) | JSON
WITH_UNIT = st.fixed_dictionaries({"value": SENSIBLE | JSON}, optional={"unit": UNIT})
RAW = SENSIBLE | WITH_UNIT | JSON
NAMES = st.sampled_from([*CATALOGUE, *ALIASES, "leaf_colour"]) | st.text(st.characters())
READINGS = st.dictionaries(NAMES, RAW, max_size=8)


@given(READINGS)
def test_every_value_is_kept_refused_or_missing_and_nothing_raises(values: dict[str, object]) -> None:
    result, flags, refusals = check_values(values)

    refused = [why.quantity for why in refusals or ()]
    alone = [normalise(name, raw) for name, raw in values.items()]
    assert len(result) + len(refused) + alone.count(None) == len(values)
    assert all(why.code in ERRORS and 0 < len(why.detail) < 400 for why in refusals or ())
    assert set(flags or ()) <= set(result)
    assert Flag.GOOD not in (flags or {}).values()
    for value in result.values():
        assert isinstance(value, (bool, int, float, str))
        assert isinstance(value, str) or math.isfinite(value)


@given(READINGS)
def test_checking_what_was_kept_changes_nothing(values: dict[str, object]) -> None:
    once, flags, _ = check_values(values)

    assert check_values(dict(once)) == (once, flags, None)


@given(name=NAMES, raw=RAW)
def test_short_way_and_long_way_agree(name: str, raw: object) -> None:
    result, _, refusals = check_values({name: raw})

    alone = normalise(name, raw)

    if isinstance(alone, Accepted):
        assert result == {alone.quantity: alone.value}
        assert alone.quantity == (getattr(known_quantity(name), "name", name))
    else:
        assert refusals == (None if alone is None else [alone])


def test_detail_of_every_refusal_can_be_encoded() -> None:
    why = refusal("temperature", "\ud800" * 30)

    assert why.detail.encode()

from dataclasses import replace

import pytest

from sensorfusion.domain.quantities import CATALOGUE, quantity
from sensorfusion.domain.units import convert
from sensorfusion.web.values.display import Display, display, fixed, table


@pytest.mark.parametrize(
    ("name", "value", "system", "text"),
    [
        ("temperature", 18.44, "metric", "18.4\u00a0°C"),
        ("temperature", 18.44, "us", "65\u00a0°F"),
        ("temperature", -0.04, "metric", "0.0\u00a0°C"),
        ("temperature", -5.25, "uk", "−5.3\u00a0°C"),
        ("temperature", 18.44, "scientific", "291.6\u00a0K"),
        ("sea_level_pressure", 1013.25, "scientific", "101,325\u00a0Pa"),
        ("visibility", 16093.44, "scientific", "16,093\u00a0m"),
        ("humidity", 82.5, "metric", "83\u00a0%"),
        ("wind_speed", 5.4, "metric", "5.4\u00a0m/s"),
        ("wind_speed", 5.4, "uk", "12\u00a0mph"),
        ("sea_level_pressure", 1013.25, "us", "29.92\u00a0inHg"),
        ("sea_level_pressure", 1013.25, "uk", "1013.3\u00a0hPa"),
        ("rain", 25.4, "us", "1.00\u00a0in"),
        ("rain", 3.2, "uk", "3.2\u00a0mm"),
        ("humidity", 71, "us", "71\u00a0%"),
        ("wind_direction", 247, "us", "247°"),
        ("visibility", 16093.44, "metric", "16.1\u00a0km"),
        ("visibility", 16093.44, "us", "10.0\u00a0mi"),
        ("uv_index", 3, "metric", "3.0"),
        ("temperature", 18.44, "nonsense", "18.4\u00a0°C"),
    ],
)
def test_value_is_written_in_the_readers_unit(name: str, value: float, system: str, text: str) -> None:
    assert display(name, system).text(value) == text


@pytest.mark.parametrize(("value", "text"), [(True, "yes"), (False, "no"), ("fog", "fog"), (None, "–")])
def test_what_is_no_number_has_no_unit(value: object, text: str) -> None:
    assert display("temperature", "metric").number(value) == text


def test_difference_leaves_the_offset_out() -> None:
    shown = display("temperature", "us")

    assert (shown.difference(10), shown.difference(-10), shown.difference(0.1)) == ("+18", "−18", "0")
    assert (shown.size(-10), display("humidity", "us").size(3)) == ("18°", "3\u00a0%")


@pytest.mark.parametrize(
    ("by", "of", "text"),
    [
        (14_947, 123_456_838, "+14,947"),  # whole digits of such numbers are all written, so the difference is, too
        (-1, 123_456_838, "−1"),
        (0.4, 123_456_838, "0"),
        (0.01, 1.234, "+0.01"),
        (0.0001, 1.234, "0"),
    ],
)
def test_difference_of_numbers_with_significant_digits_is_nothing_below_what_is_shown(
    by: float, of: float, text: str
) -> None:
    assert replace(display("strain", "metric"), digits=4).difference(by, of=of) == text


def test_short_temperature_has_a_bare_degree() -> None:
    assert display("temperature", "metric").short(19) == "19.0°"
    assert display("humidity", "metric").short(19) == "19\u00a0%"


@pytest.mark.parametrize(
    ("name", "unit"),
    [("temperature", "[degF]"), ("wind_speed", "mph"), ("pressure", "inHg"), ("rain", "in"), ("rain_rate", "in/h")],
)
def test_factors_agree_with_the_unit_table(name: str, unit: str) -> None:
    shown = display(name, "us")

    assert 7.3 * shown.factor + shown.offset == pytest.approx(convert(7.3, from_unit=quantity(name).unit, to_unit=unit))


def test_page_data_lists_what_scripts_need() -> None:
    shown = display("temperature", "us")

    assert table([("temperature", shown)]) == {
        "temperature": {"factor": 1.8, "offset": 32, "symbol": "°F", "decimals": 0}
    }


def test_minus_is_a_real_one() -> None:
    assert fixed(-1.25, 1) == "−1.3"
    assert Display(1, 0, "", 1).text(-3) == "−3.0"


IN_FORCES = display("wind_speed", "metric-bft")


@pytest.mark.parametrize(
    ("speed", "force"),
    [(0, 0), (0.24, 0), (0.25, 1), (0.3, 1), (3.34, 2), (3.36, 3), (17.14, 7), (17.2, 8), (32.7, 12), (60, 12)],
)
def test_a_wind_in_beaufort_is_the_force_whose_speeds_contain_it(speed: float, force: int) -> None:
    assert IN_FORCES.text(speed) == f"{force}\u00a0Bft"


def test_a_mean_is_taken_before_it_is_converted() -> None:
    # The forces 2 and 8 have the mean 5; the mean of these speeds is a strong breeze.
    assert IN_FORCES.text((3.0 + 20.0) / 2) == "6\u00a0Bft"


def test_differences_and_limits_of_beaufort_are_speeds() -> None:
    assert IN_FORCES.difference(1.24, of=5.0) == "+1.2\u00a0m/s"
    assert IN_FORCES.difference(0.01, of=5.0) == "0.0\u00a0m/s"
    assert IN_FORCES.size(-1.24) == "1.2\u00a0m/s"
    assert (IN_FORCES.exact(17.25), IN_FORCES.exact_short(17.25)) == ("17.25\u00a0m/s", "17.25\u00a0m/s")
    assert IN_FORCES.apart(18.0, [17.2]) == "18.0\u00a0m/s"
    assert "8\u00a0Bft begins at 17.2\u00a0m/s" in IN_FORCES.limits_note
    assert display("wind_speed", "metric").limits_note == ""


def test_only_wind_is_in_beaufort() -> None:
    assert [name for name in CATALOGUE if display(name, "metric-bft").steps] == [
        "wind_speed", "wind_gust", "wind_gust_day",
    ]  # fmt: skip

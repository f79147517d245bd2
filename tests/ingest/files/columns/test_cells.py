"""Cells: numbers with either decimal mark, units behind numbers, marks of missing values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import UNITS, converter
from sensorfusion.ingest.files.columns.cells import decimals_of, is_missing, is_time, is_value, numeral, with_unit

NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 4))


def written(number: float, *, mark: str, group: str) -> str:
    """Write a number with a decimal mark and with a character between thousands."""
    return f"{number:,.4f}".replace(",", "g").replace(".", mark).replace("g", group)


@given(
    NUMBERS, st.sampled_from([(".", ""), (".", ","), (".", " "), (",", ""), (",", "."), (",", "\u00a0"), (",", "'")])
)
def test_a_number_comes_back_from_every_form(number: float, form: tuple[str, str]) -> None:
    mark, group = form

    assert numeral(written(number, mark=mark, group=group), mark) == number


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("51.200", ",", 51200),  # never 51.2
        ("51.200", ".", 51.2),
        ("0.200", ",", 0.2),
        ("28.9", ",", 28.9),
        ("1.013,2", ",", 1013.2),
        ("1,013.2", ".", 1013.2),
        ("28,9", ".", "28,9"),
        ("1_000", ".", "1_000"),
    ],
)
def test_thousands_are_no_decimals(text: str, mark: str, number: object) -> None:
    assert numeral(text, mark) == number


@given(st.lists(NUMBERS, min_size=3, max_size=20), st.sampled_from([",", "."]))
def test_the_mark_of_a_file_is_found_or_asked_for(numbers: list[float], mark: str) -> None:
    group = "." if mark == "," else ","
    found = decimals_of((written(number, mark=mark, group=group) for number in numbers), delimiter=";")

    assert found.mark == mark


@pytest.mark.parametrize(
    ("texts", "delimiter", "mark", "unclear"),
    [
        (["51.200", "28,9"], ";", ",", ""),
        (["51.200", "43"], ";", "", "51.200"),
        (["51.200", "28.9"], ";", ".", ""),
        (["51.200"], ",", ".", ""),
        (["1,013", "43"], ",", "", "1,013"),
        (["28,9 °C"], ";", ",", ""),
        (["43", "soon"], ";", ".", ""),
    ],
)
def test_a_number_that_may_be_two_is_unclear(texts: list[str], delimiter: str, mark: str, unclear: str) -> None:
    found = decimals_of(texts, delimiter=delimiter)

    assert (found.mark, found.unclear) == (mark, unclear)


@pytest.mark.parametrize("known", [known for known in CATALOGUE.values() if known.unit not in ("", "1")])
def test_a_number_with_a_unit_of_the_quantity_is_that_many(known: object) -> None:
    kept_in = known.unit  # type: ignore[attr-defined]
    for unit in UNITS.values():
        if unit.dimension == UNITS[kept_in].dimension and unit.symbol and not unit.symbol[0].isdigit():
            found = with_unit(f"28.5 {unit.symbol}", ".", kept_in=kept_in)
            assert found is not None
            assert found["value"] == 28.5
            converter(str(found["unit"]), kept_in)


@pytest.mark.parametrize(
    ("text", "kept_in", "found"),
    [
        ("28.9 °C", "Cel", {"value": 28.9, "unit": "Cel"}),
        ("43%", "%", {"value": 43, "unit": "%"}),
        ('29.92"', "hPa", {"value": 29.92, "unit": "[in_i'Hg]"}),
        ("28.9 Â°C", "Cel", {"value": 28.9, "unit": "Cel"}),
        ("5 furlong", "m/s", {"value": 5, "unit": "furlong"}),
        ("12:30", "Cel", None),
        ("blue", "Cel", None),
    ],
)
def test_a_unit_behind_a_number_is_read(text: str, kept_in: str, found: object) -> None:
    assert with_unit(text, ".", kept_in=kept_in) == found


@pytest.mark.parametrize("text", ["", "-", "--", "---", "--.-", "–", "NAN", "NaN", "null", "N/A", "#N/A", "Missing"])
def test_marks_of_missing_values_are_no_values(text: str) -> None:
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "-1", "-.5", "none of it", "calm"])
def test_what_only_looks_like_a_mark_is_kept(text: str) -> None:
    assert not is_missing(text)


@pytest.mark.parametrize(
    "text",
    ["2026-08-02 15:30", "02.08.26", "8/2/2026", "12:30a", "1:00 PM", "2 Aug 2026", "Aug 2, 2026", "20260802T1530"],
)
def test_times_are_told_from_names(text: str) -> None:
    assert is_time(text)
    assert is_value(text)


@pytest.mark.parametrize("text", ["Temp", "Time", "PM2.5", "Rain - mm", "W/m^2", "Out Hum", "°C"])
def test_names_are_no_values(text: str) -> None:
    assert not is_time(text)
    assert not is_value(text)

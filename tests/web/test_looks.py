"""Every quantity has a label and a colour."""

from pathlib import Path

import pytest
from django.utils.translation import override

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.web.looks import FIRST_TILES, LONGEST_SHORT, LOOKS, Looks, inside, looks

STYLES = Path(__file__).parents[2] / "sensorfusion" / "web" / "static" / "css"


def test_every_quantity_has_looks_and_nothing_else_has() -> None:
    assert sorted(set(CATALOGUE) - set(LOOKS)) == []
    assert sorted(set(LOOKS) - set(CATALOGUE)) == []


@pytest.mark.parametrize("name", LOOKS)
def test_looks_have_a_label_that_fits_and_begins_like_a_sentence(name: str) -> None:
    assert LOOKS[name].label[:1].isupper()
    assert 0 < len(LOOKS[name].short) <= 24


def test_no_two_quantities_have_the_same_label() -> None:
    labels = [each.label for each in LOOKS.values()]

    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_every_hue_is_a_colour_of_the_style_sheets() -> None:
    styles = "".join(path.read_text() for path in STYLES.glob("*.css"))

    hues = {each.hue for each in LOOKS.values()}

    assert len(hues) == 10
    assert [hue for hue in sorted(hues) if f'[data-hue="{hue}"]' not in styles] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("temperature_2", Looks("Temperature 2", "Temp 2", "temp")),
        ("soil_moisture_16", Looks("Soil moisture 16", "Soil 16", "hum")),
        ("power_2", Looks("Power 2", "Power 2", "air")),
        ("co2_3", Looks("CO₂ 3", "CO₂ 3", "air")),
        ("temperature:a2", Looks("Temperature a2", "Temp a2", "temp")),
        ("soil_moisture:25cm", Looks("Soil moisture 25cm", "Soil 25cm", "hum")),
        ("wind_speed:living_room", Looks("Wind speed living room", "Wind living room", "wind")),
        ("temperature_2:a2", Looks("Temperature 2 a2", "Temp 2 a2", "temp")),
        ("rain_total_2", Looks("Second gauge: rain, running total", "Rain, running total 2", "rain")),
    ],
)
def test_further_probes_look_like_the_first(name: str, expected: Looks) -> None:
    assert looks(name) == expected


@pytest.mark.parametrize(
    ("name", "label"),
    [("leaf_colour", "Leaf colour"), ("BME280.Counter", "BME280 Counter"), ("x", "X"), ("__", "__")],
)
def test_unknown_quantity_is_labelled_after_its_name(name: str, label: str) -> None:
    assert looks(name) == Looks(label, label, "air")


def test_a_known_word_in_a_name_gives_the_colour() -> None:
    assert looks("BME280.Temperature") == Looks("BME280 Temperature", "BME280 Temperature", "temp")


@pytest.mark.parametrize("name", ["leaf_colour_2", "_2", "temperature:", "temperature_²", "power_1", ":a2", "a:b:c"])
def test_only_a_quantity_with_a_word_or_a_number_behind_it_is_another_source(name: str) -> None:
    assert looks(name).hue == "air"


@pytest.mark.parametrize("label", ["Температура в гараже", "سلسلة", "Vorlauf °C", "<b>&"])
def test_a_label_of_people_keeps_the_colour(label: str) -> None:
    assert looks("temperature:a2", label) == Looks(label, label, "temp")


def test_a_long_label_is_shortened_for_narrow_places_only() -> None:
    label = "Rücklauftemperatur des Wärmetauschers im Keller"

    assert looks("temperature", label) == Looks(label, "Rücklauftemperatur des…", "temp")
    assert len(looks("temperature:" + "x" * 50).short) <= LONGEST_SHORT


def test_first_tiles_are_quantities_each_there_once() -> None:
    assert set(FIRST_TILES) <= set(CATALOGUE)
    assert len(set(FIRST_TILES)) == len(FIRST_TILES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("temperature_2", Looks("Temperatur 2", "Temp. 2", "temp")),
        ("pm2_5", Looks("PM2,5", "PM2,5", "air")),
        ("wind_speed:mast", Looks("Windgeschwindigkeit mast", "Wind mast", "wind")),
        ("rain_day_2", Looks("Zweiter Regenmesser: Regen heute", "Regen heute 2", "rain")),
        ("leaf_colour", Looks("Leaf colour", "Leaf colour", "air")),
    ],
)
def test_labels_are_in_the_reader_s_language(name: str, expected: Looks) -> None:
    with override("de"):
        assert looks(name) == expected
    assert looks(name) != expected or name == "leaf_colour"


@pytest.mark.parametrize("name", LOOKS)
def test_german_labels_fit_narrow_places_too(name: str) -> None:
    with override("de"):
        assert 0 < len(looks(name).short) <= LONGEST_SHORT


def test_german_nouns_keep_their_capital_inside_a_sentence() -> None:
    with override("de"):
        assert [inside(looks(name).label) for name in ("temperature", "feels_like", "uv_index")] == [
            *("Temperatur", "gefühlte Temperatur", "UV-Index"),
        ]
    assert inside(looks("feels_like").label) == "feels like"


def test_no_two_quantities_have_the_same_german_label() -> None:
    with override("de"):
        labels = [looks(name).label for name in LOOKS]

    assert sorted({label for label in labels if labels.count(label) > 1}) == []

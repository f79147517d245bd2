import pytest
from django.utils import translation

from sensorfusion.documents.counted import Part, chosen, counted, plain, words
from sensorfusion.documents.shown import Shown
from sensorfusion.documents.strips import strips_of
from sensorfusion.web.values.display import display
from tests.documents.months import made

PARTS: dict[str, Part] = {"frost": "low", "wet": "rain", "gale": "gust", "hot": "high"}


def shown(system: str = "metric") -> Shown:
    return Shown(*(display(name, system) for name in ("temperature", "rain", "wind_speed", "energy")))


def counts(query: dict[str, str], system: str = "metric") -> dict[str, int]:
    found = made([2, 3, 24, 28, None], rain=[0, 0.2, 10, 1, 0], gust=[17.2, 17.1, 3, 4, 0])
    return {each.threshold.name: len(each.days) for each in counted(found, chosen(query, shown(system).parts))}


def test_usual_thresholds_are_counted_at_their_edges() -> None:
    assert counts({}) == {
        "frost": 1, "ice": 0, "summer": 2, "hot": 1, "tropical": 2,
        "rain": 3, "wet": 2, "heavy": 1, "extreme": 0, "gale": 1,
    }  # fmt: skip


def test_a_reader_chooses_thresholds_in_the_units_of_the_page() -> None:
    assert counts({"hot": "27"})["hot"] == 2
    assert counts({"hot": "31,1"})["hot"] == 0
    assert counts({"hot": "80"}, "us")["hot"] == 2
    assert counts({"frost": "−1"})["frost"] == 0


@pytest.mark.parametrize("text", ["", "warm", "nan", "inf", "1e9"])
def test_what_is_no_number_leaves_the_usual_threshold(text: str) -> None:
    assert counts({"hot": text}) == counts({})


def test_the_form_as_it_is_shown_changes_nothing() -> None:
    usual = chosen({}, shown("us").parts)
    again = {"rain": "0.007874", "hot": "86", "frost": "32", "gale": "38.48"}

    assert chosen(again, shown("us").parts) == usual


def test_conditions_are_in_the_units_of_the_page() -> None:
    usual = {each.name: each for each in chosen({}, shown().parts)}
    parts: dict[str, Part] = {"frost": "low", "wet": "rain"}

    told = [words(usual[name], shown("us").parts[part]).replace("\u00a0", " ") for name, part in parts.items()]
    assert told == ["low below 32 °F", "0.03937 in or more"]


@pytest.mark.parametrize("system", ["metric", "us", "uk", "scientific", "metric-kn"])
@pytest.mark.parametrize("text", ["1013.25", "33.3", "0.2", "-12345.678", "100000", "0.00012", "17.25", "0"])
def test_a_chosen_threshold_is_written_as_it_was_set(system: str, text: str) -> None:
    for name, part in PARTS.items():
        parts = shown(system).parts
        found = {each.name: each for each in chosen({name: text}, parts)}[name]

        assert plain(found, parts[part]) == text, name


def test_a_sensor_without_rain_counts_no_rain() -> None:
    names = {each.threshold.name for each in counted(made([2, 3]), chosen({}, shown().parts))}

    assert names == {"frost", "ice", "summer", "hot", "tropical"}


def test_a_german_form_as_it_is_shown_changes_nothing() -> None:
    parts, found = shown("metric-kn").parts, made([2, 3], rain=[0, 1], gust=[1, 2])
    usual = chosen({}, parts)
    with translation.override("de"):
        strips = strips_of(counted(found, usual), found, shown("metric-kn"))
        again = chosen({each.name: each.value for each in strips.fields}, parts)

    assert again == usual
    assert {each.name: each.value for each in strips.fields}["rain"] == "0,2"
    assert "Heiße Tage (Maximum 30\u00a0°C oder mehr)" in strips.none

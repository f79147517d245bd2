from datetime import date

import pytest
from django.utils import translation

from sensorfusion.documents.figures import Figures, Usual
from sensorfusion.documents.periods import day_of, month_of
from sensorfusion.documents.prose import prose
from sensorfusion.documents.shown import Shown
from sensorfusion.web.looks import looks
from sensorfusion.web.values.display import display
from tests.documents.months import made


def told(figures: Figures, *, usual: float | None = None, before: float | None = None, system: str = "metric") -> str:
    known = None if usual is None else Usual([2023, 2024, 2025], usual, [])
    october = None if before is None else made([before], period=month_of(2026, 10))
    shown = Shown(*(display(name, system) for name in ("temperature", "rain", "wind_speed", "energy")))
    return prose(figures, usual=known, before=october, looks=looks("temperature"), shown=shown).replace("\u00a0", " ")


def test_a_month_is_compared_with_earlier_years() -> None:
    assert told(made([6.1, 6.1]), usual=4.7).startswith(
        "Warmer than usual: mean 6.1 °C, 1.4° above the 2023–2025 average."
    )
    assert told(made([6.1, 6.1]), usual=7.1).startswith(
        "Colder than usual: mean 6.1 °C, 1.0° below the 2023–2025 average."
    )
    assert told(made([6.1, 6.1]), usual=6.11).startswith("As usual: mean 6.1 °C")


def test_differences_are_in_the_reader_s_units() -> None:
    assert "2°" in told(made([6.0, 6.0]), usual=5.0, system="us")


def test_without_earlier_years_it_is_compared_with_the_month_before() -> None:
    text = told(made([6.1, 6.1]), before=9.1)

    assert text.startswith("Mean 6.1 °C, 3.0° colder than October 2026.")
    assert text.endswith("No earlier year has enough days to compare with.")


def test_warmest_and_coldest_day_are_named() -> None:
    assert "2 Nov was the warmest day, 3 Nov the coldest." in told(made([6, 9, 1]))


@pytest.mark.parametrize(
    ("rain", "words"),
    [
        ([0, 0, 0, 0], "No day had rain."),
        ([0.1, 0, 0, 0], "No day had rain."),
        ([0, 4, 0, 0], "4.0 mm of rain fell on 1 day."),
        ([1, 30, 1, 10], "42.0 mm of rain fell on 4 days, 30.0 mm of it on 2 Nov."),
        ([12, 11, 10, 10], "43.0 mm of rain fell on 4 days, 23.0 mm of it on 1 Nov and 2 Nov."),
    ],
)
def test_rain_is_told_with_the_days_of_half_of_it(rain: list[float], words: str) -> None:
    assert words in told(made([5, 5, 5, 5], rain=rain))


def test_a_sensor_without_rain_says_nothing_of_it() -> None:
    assert "rain" not in told(made([5, 5]))


def test_days_without_readings_are_counted() -> None:
    assert "28 days have no readings." in told(made([5, 6]))


def test_a_month_without_readings_says_only_that() -> None:
    assert told(made([None])) == "No readings are stored of November 2026."


def test_of_one_day_rain_is_told_without_counting_days() -> None:
    day = day_of(date(2026, 11, 7))

    assert "4.0 mm of rain fell." in told(made([6.0], rain=[4.0], period=day))
    assert "It had no rain." in told(made([6.0], rain=[0.0], period=day))


def test_the_same_figures_are_told_in_german() -> None:
    with translation.override("de"):
        month = told(made([6, 9, 1, 6], rain=[1, 30, 1, 10]), usual=4.7)
        other = told(made([6.1, 6.1]), before=9.1)
        day = told(made([6.0], rain=[4.0], period=day_of(date(2026, 11, 7))))

    assert month == (
        "Wärmer als üblich: Mittel 5,5 °C, 0,8° über dem Durchschnitt von 2023–2025. Der 2. Nov. war der wärmste Tag,"
        " der 3. Nov. der kälteste. An 4 Tagen fielen 42,0 mm Regen, davon am 2. Nov. 30,0 mm. 26 Tage haben keine"
        " Messungen."
    )
    assert other.startswith("Mittel 6,1 °C, 3,0° kälter als im Zeitraum davor (")
    assert "Es fielen 4,0 mm Regen." in day


def test_sentences_end_with_one_full_stop_in_german() -> None:
    with translation.override("de"):
        found = told(made([5, 5, 5, 5], rain=[12, 11, 10, 10]), before=3.0)

    assert ".." not in found
    assert "davon am 1. Nov. und 2. Nov. 23,0 mm." in found

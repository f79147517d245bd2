from datetime import date

from sensorfusion.documents.streaks import Run, between, longest, streaks
from sensorfusion.web.values.display import display
from tests.documents.months import day, made

SHOWN = display("temperature", "metric")


def is_dry(each: object) -> bool:
    rain = getattr(each, "rain", None)
    return rain is not None and rain < 0.2


def test_the_first_of_the_longest_runs_is_found() -> None:
    days = [day(number, rain=rain) for number, rain in enumerate([0, 0, 5, 0.1, 0, 0.2, 0], 1)]

    assert longest(days, is_dry) == Run(date(2026, 11, 1), date(2026, 11, 2))


def test_a_day_without_readings_ends_a_run() -> None:
    days = [day(number, rain=rain) for number, rain in enumerate([0, 0, None, 0, 0, 0], 1)]

    assert longest(days, is_dry) == Run(date(2026, 11, 4), date(2026, 11, 6))
    assert longest(days[2:3], is_dry) is None


def test_streaks_of_a_month_are_told_with_their_days() -> None:
    found = streaks(made([5, 2, 1, 9], rain=[0, 3, 0.2, 0]), shown=SHOWN)

    assert [(each.label, each.text.replace("\u00a0", " ")) for each in found] == [
        ("Longest dry spell", "1 day, 1 Nov"),
        ("Longest wet spell", "2 days, 2–3 Nov"),
        ("Longest run of frost", "2 days, 2–3 Nov"),
        ("Longest run without frost", "1 day, 1 Nov"),
        ("Widest day", "6.0°, 1 Nov"),
        ("Steepest rise, day to day", "8.0°, 3–4 Nov"),
        ("Steepest fall, day to day", "3.0°, 1–2 Nov"),
    ]


def test_a_step_over_a_silent_day_is_none() -> None:
    found = streaks(made([5, None, 20]), shown=SHOWN)

    assert "Steepest rise, day to day" not in {each.label for each in found}


def test_days_of_two_months_are_named_both() -> None:
    assert between(date(2026, 11, 30), date(2026, 12, 2)) == "30 Nov – 2 Dec"

"""What the drawing beside an alert shows."""

from sensorfusion.alerts.showing.traces import bounds, limits_of, percent


def test_limits_are_those_of_the_condition() -> None:
    fields = {"high": 5.0, "low": 1.0}

    assert limits_of("above", fields) == {"high": 5.0}
    assert limits_of("below", fields) == {"low": 1.0}
    assert limits_of("outside", fields) == {"high": 5.0, "low": 1.0}
    assert limits_of("rises", fields) == {}


def test_drawing_has_room_above_and_below_even_a_flat_line() -> None:
    low, high = bounds([20.0, 20.0])

    assert low < 20.0 < high


def test_places_are_percentages() -> None:
    assert percent(125.0) == "12.5%"

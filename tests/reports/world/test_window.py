"""The part of the world that a map shows: fitted to the sensors, from a site of some metres to the whole world."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.reports.world.window import WORLD, Place, Window, fitted

WARSAW, NEW_YORK, SYDNEY, FIJI, SAMOA = (52.2, 21.0), (40.7, -74.0), (-33.9, 151.2), (-17.8, 178.0), (-13.8, -172.1)
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_site_of_a_kilometre_fills_the_map_and_has_a_scale_bar_and_no_outline() -> None:
    window = fitted([WARSAW, (52.209, 21.0)])

    (_, upper), (_, lower) = window.at((52.209, 21.0)), window.at(WARSAW)
    assert lower - upper > 0.5
    assert not window.has_outline
    assert window.scale
    assert window.scale.label == "500 m"
    assert window.scale.share * window.width_km == pytest.approx(0.5)


def test_sensors_in_one_country_have_outline_and_scale_bar() -> None:
    window = fitted([WARSAW, (50.06, 19.94), (54.35, 18.65)])

    assert window.has_outline
    assert window.scale
    assert window.scale.label == "200 km"


def test_sensors_on_four_continents_are_on_the_whole_world_without_a_scale_bar() -> None:
    assert fitted([WARSAW, NEW_YORK, SYDNEY, (-23.5, -46.6)]) == WORLD
    assert WORLD.scale is None
    assert WORLD.turns == [0]


def test_single_place_is_shown_in_its_part_of_the_world() -> None:
    window = fitted([WARSAW, WARSAW])

    assert list(window.at(WARSAW)) == pytest.approx([0.5, 0.5])
    assert window.has_outline
    assert 10 < window.height < 90


def test_places_on_both_sides_of_longitude_180_are_neighbours() -> None:
    window = fitted([FIJI, SAMOA])

    assert window.width < 40
    assert window.at(FIJI)[0] < window.at(SAMOA)[0]
    assert window.turns == [0, 3600]


def test_shapes_are_not_stretched_at_the_middle_latitude() -> None:
    window = fitted([(59.0, 10.0), (61.0, 14.0)])

    assert window.width_km == pytest.approx(2 * window.height * 111.195)


@given(st.lists(places, min_size=1, max_size=12))
def test_every_place_is_inside_the_map_that_is_fitted_to_it(found: list[Place]) -> None:
    window = fitted(found)

    assert all(is_inside(window, place) for place in found)
    assert window.north <= 90
    assert window.north - window.height >= -90 - 1e-9
    assert window.turns


def is_inside(window: Window, place: Place) -> bool:
    return all(-1e-6 <= share <= 1 + 1e-6 for share in window.at(place))

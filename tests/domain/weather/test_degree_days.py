import pytest

from sensorfusion.domain.weather.degree_days import cooling, growing, heating


@pytest.mark.parametrize(("mean", "heated", "cooled"), [(8, 10, 0), (18, 0, 0), (25, 0, 7)])
def test_day_is_heated_or_cooled_by_how_far_it_is_from_the_base(mean: float, heated: float, cooled: float) -> None:
    assert heating(mean=mean, base=18) == heated
    assert cooling(mean=mean, base=18) == cooled


def test_base_is_65_fahrenheit() -> None:
    assert heating(mean=0) == pytest.approx(18.333, abs=0.001)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(12, 24, 8), (4, 20, 5), (-5, 8, 0), (20, 40, 15)],  # warm; a cold night; too cold; too hot
)
def test_nothing_grows_below_the_base_or_faster_above_the_most(low: float, high: float, expected: float) -> None:
    assert growing(low=low, high=high) == pytest.approx(expected)

"""A derived quantity is within its bounds wherever its inputs are within theirs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.weather.bounds import Bounds, bounds
from sensorfusion.domain.weather.derivation import AT_ONCE, Place, derive_now

AT = datetime(2026, 11, 1, tzinfo=UTC)
RANGES = {"temperature": (-60, 60), "humidity": (0, 110), "wind_speed": (0, 40), "pressure": (850, 1080)}
shares = st.floats(0, 1)


@pytest.mark.parametrize("name", sorted(AT_ONCE))
@given(
    spans=st.fixed_dictionaries({each: st.tuples(shares, shares) for each in RANGES}),
    at=st.fixed_dictionaries(dict.fromkeys(RANGES, shares)),
    has_wind=st.booleans(),
    elevation_m=st.sampled_from((-400.0, 0.0, 700.0)),
)
def test_value_is_within_its_bounds(
    name: str, spans: dict[str, tuple[float, float]], at: dict[str, float], has_wind: bool, elevation_m: float
) -> None:
    inputs, values = {}, {}
    for each, (lowest, highest) in RANGES.items():
        low, high = (lowest + share * (highest - lowest) for share in sorted(spans[each]))
        inputs[each] = Bounds([low], [high])
        values[each] = min(max(low + at[each] * (high - low), low), high)
    if not has_wind and name == "feels_like":  # wind may be there, and is not known to this reading
        del values["wind_speed"]
    place = Place(elevation_m=elevation_m)

    found = derive_now(values, AT, place, names=[name]).get(name)

    within = bounds(name, inputs, place)
    assert within is not None
    lowest_found, highest_found = within.low[0], within.high[0]
    assert lowest_found is not None
    assert highest_found is not None
    assert found is None or lowest_found <= found <= highest_found


def test_without_an_input_there_is_no_value() -> None:
    inputs = {"temperature": Bounds([1.0, None], [2.0, None]), "humidity": Bounds([40.0, 40.0], [50.0, 50.0])}

    found = bounds("dew_point", inputs, Place())

    assert found is not None
    assert [each is None for each in found.low] == [False, True]
    assert bounds("wind_chill", inputs, Place()) is None

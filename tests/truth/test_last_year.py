"""The same date last year, beside the values of now, by the readings alone; a year and a month of them."""

from typing import Final

import pytest

from tests.truth.checks import page
from tests.truth.made_data import MIDDLES, WHOLE_YEARS, Case
from tests.truth.page.scraped import scraped
from tests.truth.station import Station

ODD: Final = frozenset({"missing", "bad", "excluded", "late"})
CASES: Final = [
    Case(zone, starts_h, WHOLE_YEARS[0], "rain", kinds, is_retained=False)
    for zone in MIDDLES
    for starts_h, kinds in ((0, frozenset[str]()), (9, ODD))
]


@pytest.mark.django_db
def test_now_is_compared_with_the_same_date_last_year(station: Station) -> None:
    assert scraped(station.page("24h"))["against row 000"].count("|") == 4
    assert page.differences(station, "24h", of="against") == []

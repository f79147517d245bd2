from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.reports import queries
from sensorfusion.reports.charts import spans
from sensorfusion.reports.charts.spans import Span, span_of
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)


@pytest.fixture
def station(cast: Cast) -> Station:
    observe(cast.sensor, until=NOON)
    (found,) = queries.stations([Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=NOON)
    return found


def edges(span: Span) -> tuple[str, str]:
    return f"{span.start:%d %b %H:%M}", f"{span.end:%d %b %H:%M}"


def test_without_a_known_range_the_last_day_is_shown(station: Station) -> None:
    for query in (
        {},
        {"r": "nonsense"},
        {"from": "5", "to": "6"},
        {"from": "9" * 30, "to": "x"},
        {"day": "2026-13-01"},
    ):
        span = span_of(station, query)

        assert (span.chosen, span.is_live, span.length_s) == ("24h", True, 86400)


def test_an_address_names_a_span_or_whole_days_of_the_site(station: Station) -> None:
    assert station.zone.key == "Europe/Warsaw"
    assert edges(span_of(station, {"r": "7d"})) == ("15 Nov 13:10", "22 Nov 13:10")
    assert edges(span_of(station, {"from": "1795341600", "to": "1795348800"})) == ("22 Nov 11:00", "22 Nov 13:00")
    assert edges(span_of(station, {"day": "2026-10-25"})) == ("25 Oct 00:00", "26 Oct 00:00")
    assert edges(span_of(station, {"day": "2026-11-03", "through": "2026-11-01"})) == ("01 Nov 00:00", "04 Nov 00:00")
    assert span_of(station, {"day": "2026-10-25"}).length_s == 25 * 3600


def test_a_day_that_has_not_begun_shows_the_present(station: Station) -> None:
    assert span_of(station, {"day": "2026-11-23"}).is_live


def test_the_address_of_a_span_leads_to_it(station: Station) -> None:
    for query in ({"r": "6h"}, {"r": "7d", "from": "1795341600", "to": "1795348800"}):
        span = span_of(station, query)

        assert span_of(station, dict(part.split("=") for part in span.query.split("&"))) == span


def test_a_step_back_and_one_forth_lead_to_the_present_again(station: Station) -> None:
    before = spans.step(station, spans.live(station, "24h"), -1)

    assert edges(before) == ("20 Nov 13:10", "21 Nov 13:10")
    assert spans.step(station, before, 1).is_live
    assert edges(spans.step(station, before, -1)) == ("19 Nov 13:10", "20 Nov 13:10")


def test_the_longer_a_span_the_wider_its_bars(station: Station) -> None:
    def bar_of(days: int) -> int:
        first = station.today - timedelta(days=days)
        return spans.days(station, first, station.today).bar.length_s

    assert [bar_of(days) for days in (0, 5, 20, 80, 300)] == [3600, 21600, 86400, 86400, 604800]

"""The foot of the report: what is known of the sensor."""

from collections.abc import Iterator

from tests.truth.page.known import Known
from tests.truth.page.said import Said, interval, one, span, zone


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    yield "fact Site", one("Orchard")
    yield "fact Location", one("52.24° N, 21.01° E")
    yield "fact Elevation", one("113 m")
    yield "fact Communicates by", one("HTTP")
    yield "fact Time zone", one(zone(known.zone))
    yield "fact Last reading", one(f"{span(max(0.0, known.now - known.observed_at))} ago")
    if known.interval_s:
        yield "fact Reports every", one(interval(known.interval_s))

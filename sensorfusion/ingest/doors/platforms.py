"""The doors that imitate other platforms at their own addresses, so that existing clients need no change."""

from collections.abc import Callable, Iterator
from typing import Any

from sensorfusion.ingest.composition import Ingest
from sensorfusion.ingest.doors import influxdb
from sensorfusion.ingest.doors.door import Answer, Door, Protocol, Request, reply, request_of
from sensorfusion.ingest.doors.http import Gone, Receive, Scope, Send, read_body
from sensorfusion.ingest.doors.influxdb import LineProtocol
from sensorfusion.ingest.doors.lorawan.door import ChirpStack, TheThings
from sensorfusion.ingest.doors.openweathermap import Measurements
from sensorfusion.ingest.doors.senml import SenML
from sensorfusion.ingest.doors.thingsboard import Telemetry
from sensorfusion.ingest.doors.thingsboard_attributes import AttributesDoor
from sensorfusion.ingest.doors.thingspeak import BulkUpdate, Update
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.web.description import ByMethod

# One pattern for each address, without alternatives: descriptions name addresses by Django's reading of patterns.
# ThingsBoard's access token takes the place of the first word of our own API's paths, so these words are not tokens.
_OURS = "|".join(
    (
        *("alerts", "auth", "docs", "explore", "exports", "invitations", "maintenance", "provision", "readings"),
        *("redoc", "report-subscriptions", "rules", "schema", "senml", "sensor-offers", "sensors", "shares"),
        *("site-shares", "sites", "webhooks"),
    )
)
TOKEN = rf"(?!(?:{_OURS})/)(?P<token>[^/]+)"

PROTOCOLS: tuple[tuple[str, Protocol], ...] = (
    (r"^api/v1/senml/?$", SenML()),
    (rf"^api/v1/{TOKEN}/telemetry/?$", Telemetry()),
    (r"^api/v2/write/?$", LineProtocol()),
    (r"^write/?$", LineProtocol()),
    (r"^api/live/push/(?P<stream>[^/]+)/?$", LineProtocol()),
    (r"^data/3\.0/measurements/?$", Measurements()),
    (r"^in/(?:(?P<key>sf_[\w-]+)/)?ttn(?:/[\w/-]*)?$", TheThings()),
    (r"^in/(?:(?P<key>sf_[\w-]+)/)?chirpstack/?$", ChirpStack()),
    (r"^update/?$", Update()),
    (r"^update\.json/?$", Update()),
    (r"^channels/(?P<channel>[^/]+)/bulk_update\.json$", BulkUpdate()),
)


def platform_doors(ingest: Ingest, *, max_body_bytes: int) -> Iterator[tuple[str, Any]]:
    """Yield the URL patterns of other platforms, each with the application that serves it."""
    for pattern, protocol in PROTOCOLS:
        yield pattern, Door(ingest.pipeline, protocol, max_body_bytes=max_body_bytes)
    yield rf"^api/v1/{TOKEN}/attributes/?$", AttributesDoor(ingest.pool, ingest.pipeline)
    yield r"^query/?$", Fixed(influxdb.query, influxdb.of_query())
    yield r"^ping/?$", Fixed(influxdb.ping, influxdb.of_ping())
    yield r"^health/?$", Fixed(influxdb.health, influxdb.of_health())


class Fixed:
    """Answers requests that clients make before they send, without a key and without the database."""

    MOST_BYTES = 10_000

    def __init__(self, answer: Callable[[Request], Answer], by_method: ByMethod) -> None:
        self._answer = answer
        self._methods = by_method

    def described(self, path: str) -> ByMethod:
        """Describe this address."""
        return self._methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in self._methods:
            await reply(send, Answer(405, b"This address does not accept this method.\n"))
            return
        try:
            said = self._answer(request_of(scope, await read_body(scope, receive, limit=self.MOST_BYTES)))
        except RequestRefused as refused:
            said = Answer(refused.status, refused.detail.encode())
        except Gone:
            return
        await reply(send, said)

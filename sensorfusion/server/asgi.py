"""The ASGI application: routes doors and sockets itself, and everything else to Django."""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
django.setup()  # must run before any module that imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import URLPattern, re_path  # noqa: E402

from sensorfusion.ingest.doors.consoles.catalogue import console_doors  # noqa: E402
from sensorfusion.ingest.doors.platforms import platform_doors  # noqa: E402
from sensorfusion.ingest.doors.readings import ReadingsDoor  # noqa: E402
from sensorfusion.ingest.doors.socket import IngestSocket  # noqa: E402
from sensorfusion.server.django_handler import PagesHandler  # noqa: E402
from sensorfusion.server.health import Health  # noqa: E402
from sensorfusion.server.process import Lifespan, Process, Started  # noqa: E402


def route(pattern: str, application: Any) -> URLPattern:
    """Route a URL pattern to an ASGI application, as Channels allows; Django's type for routes knows only views."""
    named: URLPattern = re_path(pattern, application)
    return named


async def nowhere(scope: Any, receive: Any, send: Any) -> None:
    """Reject a WebSocket at an unknown URL; the server turns a close before accept into HTTP 403."""
    await send({"type": "websocket.close", "code": 4404, "reason": "no such address"})


def build(process: Process) -> ProtocolTypeRouter:
    """Build the ASGI application of one process."""
    pipeline, limit = process.ingest.pipeline, settings.ENVIRONMENT.max_body_bytes
    readings = ReadingsDoor(pipeline, max_body_bytes=limit)
    health = Health(pool=process.pool, metrics_token=settings.ENVIRONMENT.metrics_token)
    return ProtocolTypeRouter(
        {
            "http": URLRouter(
                [
                    # First, because every route before it adds half a microsecond to each reading.
                    route(r"^api/v1/readings/?$", Started(process, readings)),
                    route(r"^(healthz|readyz|metrics)/?$", Started(process, health)),
                    *(
                        route(pattern, Started(process, door))
                        for doors in (console_doors, platform_doors)
                        for pattern, door in doors(process.ingest, max_body_bytes=limit)
                    ),
                    route(r"", PagesHandler()),
                ]
            ),
            "websocket": URLRouter(
                [
                    route(r"^ws/live/?$", Started(process, process.live.socket)),
                    route(r"^ws/ingest/?$", Started(process, IngestSocket(pipeline, max_body_bytes=limit))),
                    route(r"", nowhere),
                ]
            ),
            "lifespan": Lifespan(
                process, {b"/api/v1/readings": readings.respond, b"/api/v1/readings/": readings.respond}
            ),
        }
    )


application = build(Process())

"""The ASGI application: routes doors and sockets itself, and everything else to Django."""

import os
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
django.setup()  # must run before any module that imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import URLPattern, re_path  # noqa: E402

from sensorfusion.ingest.doors.consoles.catalogue import console_doors  # noqa: E402
from sensorfusion.ingest.doors.door import Door  # noqa: E402
from sensorfusion.ingest.doors.platforms import platform_doors  # noqa: E402
from sensorfusion.ingest.doors.readings import ReadingsDoor  # noqa: E402
from sensorfusion.ingest.doors.socket import IngestSocket  # noqa: E402
from sensorfusion.server.by_path import ByPath  # noqa: E402
from sensorfusion.server.cross_origin import CrossOrigin  # noqa: E402
from sensorfusion.server.django_handler import PagesHandler  # noqa: E402
from sensorfusion.server.health import Health  # noqa: E402
from sensorfusion.server.process import Lifespan, Process, Started  # noqa: E402
from sensorfusion.server.sub_path import SubPath  # noqa: E402
from sensorfusion.sharing.event_streams import ShareEvents  # noqa: E402
from sensorfusion.web.sockets.handshakes import Handshakes  # noqa: E402
from sensorfusion.web.sockets.refused_sockets import no_such_socket, upgrade_required  # noqa: E402


def route(pattern: str, application: Any) -> URLPattern:
    """Route a URL pattern to an ASGI application, as Channels allows; Django's type for routes knows only views."""
    named: URLPattern = re_path(pattern, application)
    return named


def doors(process: Process) -> list[tuple[str, Any]]:
    """Return the URL pattern and the application of each door and probe, in the order of matching."""
    limit, token = settings.ENVIRONMENT.max_body_bytes, settings.ENVIRONMENT.metrics_token
    health = Health(readiness=process.readiness, metrics=process.metrics, metrics_token=token)
    return [
        # First, because every route before it adds half a microsecond to each reading.
        (r"^api/v1/readings/?$", ReadingsDoor(process.ingest.pipeline, max_body_bytes=limit)),
        *((rf"^{name}/?$", health) for name in ("healthz", "readyz", "metrics")),
        *console_doors(process.ingest, max_body_bytes=limit),
        *platform_doors(process.ingest, max_body_bytes=limit),
    ]


def streams(process: Process) -> list[tuple[str, Any]]:
    """Return the URL pattern and the application of what has no end: server-sent events."""
    return [(r"^api/v1/stream/?$", process.live.event_stream)]


def links(process: Process) -> list[tuple[str, Any]]:
    """Return the URL pattern and the application of what links show to scripts, also to those of other sites."""
    return [
        (r"^s/(?P<token>[^/]{1,80})/events/?$", Started(process, ShareEvents(process.shares))),
        (r"^p/(?P<token>[^/]{1,80})/events/?$", Started(process, ShareEvents(process.site_pages))),
    ]


def build(process: Process) -> ProtocolTypeRouter:
    """Build the ASGI application of one process."""
    pipeline, limit = process.ingest.pipeline, settings.ENVIRONMENT.max_body_bytes
    pages = PagesHandler()
    served = doors(process)
    [readings] = [door for _, door in served if isinstance(door, ReadingsDoor)]
    return ProtocolTypeRouter(
        {
            "http": URLRouter(
                [
                    *(route(pattern, _wrapped(process, door)) for pattern, door in (*served, *streams(process))),
                    route(r"^ws/(?:live|ingest)/?$", upgrade_required),
                    route(r"^(?:api|clients|data)/", CrossOrigin(pages)),
                    *(route(pattern, CrossOrigin(events)) for pattern, events in links(process)),
                    route(r"^[sp]/[^/]{1,80}/(?:latest|series)/", CrossOrigin(pages)),
                    route(r"", pages),
                ]
            ),
            "websocket": Handshakes(
                URLRouter(
                    [
                        route(r"^ws/live/?$", Started(process, process.live.socket)),
                        route(r"^s/(?P<token>[^/]{1,80})/live/?$", Started(process, process.shares)),
                        route(r"^p/(?P<token>[^/]{1,80})/live/?$", Started(process, process.site_pages)),
                        route(r"^ws/ingest/?$", Started(process, IngestSocket(pipeline, max_body_bytes=limit))),
                        route(r"", no_such_socket),
                    ]
                )
            ),
            "lifespan": Lifespan(
                process,
                _fast(served, "POST", own=dict.fromkeys(_fast_urls(), readings.respond)),
                _fast(served, "POST", call=Door.refusal, own=dict.fromkeys(_fast_urls(), readings.refusal)),
                _fast(served, "GET"),
            ),
        }
    )


def _wrapped(process: Process, door: Any) -> Any:
    """Wrap a door; probes are for programs beside the server, not for scripts of other sites."""
    started = Started(process, door)
    return started if isinstance(door, Health) else CrossOrigin(started)


def _fast(served: Sequence[tuple[str, Any]], method: Literal["GET", "POST"], **more: Any) -> ByPath:
    return ByPath(served, method=method, public_path=settings.PUBLIC_PATH, **more)


def _fast_urls() -> Iterator[bytes]:
    """Yield the URLs of the door for readings, as they are in the first line of a request."""
    for path in {"", settings.PUBLIC_PATH}:
        yield f"{path}/api/v1/readings".encode()
        yield f"{path}/api/v1/readings/".encode()


application: Any = build(Process())
if settings.PUBLIC_PATH:
    application = SubPath(application, settings.PUBLIC_PATH)

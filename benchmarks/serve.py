"""Child process: one server with the platform's own settings, for the platform or for a peer.

Prints its port when it answers. Both are served alike because the settings come from one place.
"""

import argparse
import os
import resource
import socket

import django
import uvicorn

from sensorfusion.config import env
from sensorfusion.server.uvicorn import run as serving


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            print(sockets[0].getsockname()[1], flush=True)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--application", default=serving.APPLICATION)
    parser.add_argument("--ws", help="the WebSocket protocol in place of the platform's")
    parser.add_argument("--http", help="the HTTP protocol in place of the platform's")
    parser.add_argument("--lifespan", help="in place of the platform's")
    parser.add_argument("--without-alerts", action="store_true", help="nothing judges alert rules")
    options = parser.parse_args()
    if options.without_alerts:
        _without_alerts()
    raise_file_limit()
    settings = serving.settings(env.current(), workers=1)
    settings.app = options.application
    settings.ws = options.ws or settings.ws
    settings.http = options.http or settings.http
    settings.lifespan = options.lifespan or settings.lifespan
    _Server(settings).run(sockets=[serving.listen("127.0.0.1", 0)])


def _without_alerts() -> None:
    django.setup()
    from sensorfusion.alerts.evaluation.watcher import LOCK
    from sensorfusion.readings.storage.chores import Runner
    from sensorfusion.server import process

    process.alerting = lambda stream, **_: Runner([], lock=LOCK)  # type: ignore[attr-defined]  # imported there


def raise_file_limit() -> None:
    """Raise the limit of open files as far as allowed: every socket is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main()

"""Writes the password file and access rules of a Mosquitto broker."""

import asyncio
import os
import signal
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError

from sensorfusion.events.control import Listener
from sensorfusion.events.messages import KeyChanged, Resumed
from sensorfusion.ingest.mqtt.broker import broker
from sensorfusion.ingest.mqtt.mosquitto_acl import (
    Account,
    accounts_of_sensors,
    closed_to,
    keys_without_access,
    own_account,
    write,
)
from sensorfusion.terminal.commands import ExplainedCommand

# Changes are announced immediately; this interval covers changes while the database was unreachable.
LOOK_EVERY_S = 60.0

EPILOG = """\
DIR gets two files, `passwords` and `access`, for mosquitto.conf:
  password_file DIR/passwords
  acl_file DIR/access
They contain every sensor key that is not revoked (user: its public part, sf_ and eight characters; password: the whole
key; right: to publish that sensor's readings) and the account in MQTT_URL. Add accounts of your own to passwords.local
and access.local beside them.

Mosquitto reads the files at its start and on SIGHUP, and then closes the connections of revoked keys.

example:
  MQTT_URL=mqtt://sensorfusion:secret@localhost sensorfusion mqtt_access --out /etc/mosquitto/sensorfusion \\
    --group mosquitto --watch --pid-file /run/mosquitto/mosquitto.pid
"""


class Command(ExplainedCommand):
    help = "Write Mosquitto's password file and access rules from the sensors' keys."
    epilog = EPILOG
    requires_system_checks = ()
    _is_untold = False  # files were written while the broker did not run

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="directory of the files")
        parser.add_argument("--group", default="", help="group of the broker, which may read the files")
        parser.add_argument("--watch", action="store_true", help="keep running and rewrite them when a key changes")
        parser.add_argument("--pid-file", type=Path, metavar="FILE", help="the broker's, to make it reload the files")

    def handle(self, *, out: Path, group: str, watch: bool, pid_file: Path | None, **_: Any) -> None:
        own = _own_account()

        def refresh() -> None:
            try:
                accounts = accounts_of_sensors()
                changed = write(out, [*own, *accounts], group=group)
            except (OSError, LookupError) as error:
                raise CommandError(f"The files cannot be written to {out}: {error}") from None
            if changed:
                self._say(f"{len(accounts):,} keys may publish.")
            if changed or self._is_untold:
                self._reload(pid_file, may_wait=watch)

        refresh()
        if group and (closed := closed_to(out, group)):
            self._say(f"Group {group} cannot enter {closed}. Run: chgrp {group} {closed} && chmod g+x {closed}")
        if without := keys_without_access():
            self._say(f"{without:,} older keys have no access: make another key for their sensors.")
        if watch:
            asyncio.run(_watch(refresh, self._say))

    def _reload(self, pid_file: Path | None, *, may_wait: bool) -> None:
        """Make the broker read the files again. With `may_wait`, one that does not run is told at the next look."""
        if pid_file is None:
            return
        try:
            os.kill(int(pid_file.read_text()), signal.SIGHUP)
            self._is_untold = False
        except (FileNotFoundError, ProcessLookupError) as error:
            if not may_wait:
                raise CommandError(f"The broker could not be told to reload its files: {error}") from None
            if not self._is_untold:
                self._say("The broker does not run yet; it reads the files when it starts.")
            self._is_untold = True
        except (OSError, ValueError) as error:
            raise CommandError(f"The broker could not be told to reload its files: {error}") from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _own_account() -> list[Account]:
    """Return the platform's own account, hashed once per run, because a new salt would change the file each time."""
    try:
        where = broker(settings.ENVIRONMENT.mqtt_url) if settings.ENVIRONMENT.mqtt_url else None
    except ValueError as error:
        raise CommandError(f"MQTT_URL cannot be used: {error}") from None
    return [own_account(where)] if where and where.user else []


async def _watch(refresh: Callable[[], None], say: Callable[[str], None]) -> None:
    """Call `refresh` after every change of keys, and at an interval, until interrupted."""
    changed, stop = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    listener = Listener()
    for kind in (KeyChanged, Resumed):
        listener.on(kind, lambda _: changed.set())
    await listener.start()
    try:
        while not await _either(stop, changed):
            changed.clear()
            try:
                await sync_to_async(refresh)()
            except OperationalError as error:
                say(f"The database is away: {error}")
    finally:
        await listener.stop()
    say("Stopped.")


async def _either(stop: asyncio.Event, changed: asyncio.Event) -> bool:
    """Wait for a change or a timeout; return whether to stop."""
    waiting = [asyncio.create_task(each.wait()) for each in (stop, changed)]
    await asyncio.wait(waiting, timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    return stop.is_set()

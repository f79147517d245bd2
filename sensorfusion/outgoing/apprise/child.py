"""The child process: reads an address and a message from standard input, and writes what became of it as JSON.

python -P -m sensorfusion.outgoing.apprise.child

It knows neither secrets of the server nor the database. Everything is loaded before the guard stands; the address,
which a person entered, is read after it.
"""

import json
import logging
import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote

from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.apprise.guard import PRIVATE, Guard

MEMORY_BYTES: Final = 256 << 20  # besides what the plug-ins take; a message takes 10 MB
PROCESSOR_S: Final = 20
CLIENTS: Final = ("requests", "smtplib")  # what plug-ins send HTTP and mail with
SECRET_SHORTEST: Final = 3  # of the parts of an address, none of which an error may tell
_PART: Final = re.compile(r"[\w.~-]+")
_ADDRESS: Final = re.compile(r"\S*://\S*")
_WHOLE: Final = "Could not load"  # begins a line that has all parts of the address, after one that says why
_NICE: Final = 5  # behind the server


class Said(logging.Handler):
    """Keeps the warnings of apprise: its only word on why something failed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def sends_requests(plugin: type) -> bool:
    """Return whether a plug-in sends HTTP or mail: by what its module, or that of a class it is made from, imports.

    Others speak to this computer, as those of desktops and of syslog do, or by protocols of their own.
    """
    modules = (sys.modules.get(each.__module__) for each in plugin.__mro__)
    return plugin.category == "native" and any(  # type: ignore[attr-defined]  # "custom" ones are programs of others
        hasattr(module, client) for module in modules for client in CLIENTS
    )


def shown(plugin: Any) -> str:
    """Write of an address what is no secret: the service, and the host where it is one in every form of the address."""
    has_host = plugin.host and all("{host}" in template for template in plugin.templates)
    return f"{plugin.schema}://{plugin.host}/…" if has_host else f"{plugin.schema}://…"


def without_secrets(line: str, address: str, left: str) -> str:
    """Replace addresses in a line, and every part of this address but what is shown of it, which is `left`."""
    kept = {left.partition(":")[0], *_PART.findall(left)}
    parts = {part for each in (address, unquote(address)) for part in _PART.findall(each)} - kept
    secret = sorted((part for part in parts if len(part) >= SECRET_SHORTEST), key=len, reverse=True)
    line = _ADDRESS.sub("…", line)
    return re.sub("|".join(map(re.escape, secret)), "…", line, flags=re.IGNORECASE) if secret else line


def answer(asked: dict[str, Any], guard: Guard, said: Said) -> dict[str, Any]:
    """Read the address, and send the message if there is one; return what is shown of the address, and what failed."""
    from apprise import Apprise, plugins
    from apprise.manager_plugins import NotificationManager

    parsed = plugins.url_to_dict(asked["url"])
    if parsed is None:
        return {"shown": "", "why": "apprise knows no such address"}
    schema = parsed["schema"]
    if not sends_requests(NotificationManager()[schema]):
        return {"shown": "", "why": f"{schema}:// sends neither HTTP nor mail, so no channel may use it"}
    plugin = Apprise.instantiate(parsed, asset=_asset())
    left = f"{schema}://…" if plugin is None else shown(plugin)
    is_done = plugin is not None and ("body" not in asked or _sent(plugin, asked))
    return {"shown": left, "why": "" if is_done else _why(guard.refused, said.lines, asked["url"], left)}


def _asset() -> Any:
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="SensorFusion",
        app_desc="Alerts",
        app_url="",
        image_url_mask="",  # pictures of apprise, which receivers would fetch elsewhere
        image_url_logo="",
        image_path_mask=False,
        storage_mode="memory",
        http_redirects=False,
        pgp_autogen=False,
        pem_autogen=False,
        async_mode=False,
        service_timeout=0,  # the server has one
        allow_templates=False,
    )


def _sent(plugin: Any, asked: dict[str, Any]) -> bool:
    given = {name: asked[name] for name in ("title", "body", "notify_type")}
    return bool(plugin.notify(**given, body_format="text"))


def _why(refused: Sequence[str], lines: Sequence[str], url: str, left: str) -> str:
    if PRIVATE in refused:
        return PRIVATE
    clean = dict.fromkeys(without_secrets(line, url, left) for line in lines if not line.startswith(_WHOLE))
    return " ".join(clean) or next(iter(refused), "apprise does not say why")


def limit_this_process(*, within_s: float) -> None:
    """Limit memory, time, and files; systems without such limits have the server's time limit only."""
    with suppress(AttributeError, ImportError, OSError, ValueError):
        import resource

        signal.setitimer(signal.ITIMER_REAL, within_s)  # also if the server is killed meanwhile
        os.nice(_NICE)
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def begin(*, allowed: Sequence[str], within_s: float) -> tuple[Guard, Said]:
    """Load all plug-ins, then set the limits and the guard."""
    import apprise
    from apprise.manager_plugins import NotificationManager

    NotificationManager().load_modules()
    said = Said()
    logging.getLogger("apprise").addHandler(said)
    guard = Guard(allowed_networks(allowed), packages=[str(Path(apprise.__file__).parents[1])])
    limit_this_process(within_s=within_s)
    sys.addaudithook(guard)
    return guard, said


def main() -> None:
    asked = json.load(sys.stdin)
    with _answers() as pipe:
        guard, said = begin(allowed=asked["allowed"], within_s=asked["within_s"])
        try:
            found = answer(asked, guard, said)
        except Exception as error:  # a plug-in has a fault: its text may be the address
            refused = guard.refused[0] if guard.refused else ""
            found = {"shown": "", "why": refused or f"apprise failed ({type(error).__name__})"}
        json.dump(found, pipe)


def _answers() -> IO[str]:
    """Return the pipe to the server. What plug-ins print goes nowhere."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return pipe


if __name__ == "__main__":
    main()

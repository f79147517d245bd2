"""What the child process may do outside itself: connect to addresses that are allowed, and read files of Python.

An audit hook of Python sees what libraries do before it is done, and cannot be removed. It is no sandbox for programs
that mean harm: it holds for the addresses that people enter, and for plug-ins that do more than send a request. What is
not named here is refused, so a new version of Python or apprise may need another name and never does more in silence.
"""

import mimetypes
import os
import sysconfig
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from sensorfusion.outgoing.allowed_networks import Network, may_be_asked

PRIVATE: Final = "it is in a private network; this server asks those only if POLL_ALLOW_NETWORKS allows it"
HARMLESS: Final = frozenset(
    {
        *("_thread.start_joinable_thread", "_thread.start_new_thread", "array.__new__", "builtins.id", "code.__new__"),
        *("compile", "exec", "function.__new__", "http.client.connect", "http.client.send", "import", "marshal.load"),
        *("marshal.loads", "object.__delattr__", "object.__getattr__", "object.__setattr__", "pickle.find_class"),
        *("smtplib.connect", "smtplib.send", "socket.__new__", "socket.getaddrinfo", "socket.gethostbyname"),
        *("socket.gethostname", "sys._getframe", "sys._getframemodulename", "sys.excepthook", "sys.unraisablehook"),
        *("time.sleep", "urllib.Request"),
    }
)
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OF_PYTHON: Final = ("stdlib", "platstdlib", "purelib", "platlib")


class Refused(PermissionError):
    """An act that is not allowed; plug-ins take it for a failed connection or a file that cannot be opened."""


class Guard:
    """The audit hook. `refused` has what was refused, in words."""

    def __init__(self, allowed: Sequence[Network], packages: Iterable[str] = ()) -> None:
        self.refused: list[str] = []
        self._allowed = allowed
        paths = sysconfig.get_paths()
        self._folders = tuple(
            os.path.join(os.path.realpath(each), "") for each in (*(paths[name] for name in _OF_PYTHON), *packages)
        )
        self._files = frozenset(mimetypes.knownfiles)
        self._checks: Mapping[str, Callable[[tuple[Any, ...]], str]] = {
            "open": self._opens,
            "os.listdir": self._lists,
            "os.scandir": self._lists,
            "socket.connect": self._connects,
        }

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Refuse what is not allowed.

        :raises Refused: before it is done.
        """
        if event in HARMLESS:
            return
        check = self._checks.get(event)
        why = check(args) if check else f"it tried what no channel may do ({event})"
        if why:
            self.refused.append(why)
            raise Refused(why)

    def _connects(self, args: tuple[Any, ...]) -> str:
        address = args[1]
        try:
            is_allowed = isinstance(address, tuple) and may_be_asked(str(address[0]), self._allowed)
        except ValueError:  # a name, which would be resolved after this
            is_allowed = False
        return "" if is_allowed else PRIVATE

    def _opens(self, args: tuple[Any, ...]) -> str:
        path, mode, flags = args
        if isinstance(path, int):
            return ""  # what is open already
        if (flags or 0) & _WRITES or set("wax+") & set(mode or ""):
            return "it tried to write a file on this server"
        return "" if self._is_of_python(path) else "it tried to read a file of this server"

    def _lists(self, args: tuple[Any, ...]) -> str:
        return "" if self._is_of_python(args[0]) else "it tried to list a folder of this server"

    def _is_of_python(self, path: Any) -> bool:
        given = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        real = os.path.realpath(given)
        return given in self._files or os.path.join(real, "").startswith(self._folders)

"""Chooses the protocols: ours if uvicorn has all the names they need, else uvicorn's, which work alike but slower."""

import contextlib
import importlib
import logging
from collections.abc import Iterator, Mapping
from typing import Final

import uvicorn

from sensorfusion.server.uvicorn.checks import faults
from sensorfusion.server.uvicorn.internals import NAMES, Module

_log = logging.getLogger(__name__)

VERSION: Final = uvicorn.__version__
_STOCK_HTTP: Final = {
    "httptools": "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol",
    "h11": "uvicorn.protocols.http.h11_impl:H11Protocol",
}
_STOCK_WEBSOCKET: Final = {
    "websockets-sansio": "uvicorn.protocols.websockets.websockets_sansio_impl:WebSocketsSansIOProtocol",
}
_PACKAGE: Final = "sensorfusion.server.uvicorn"
# What happens if a module of this package cannot be used.
WITHOUT: Final[Mapping[Module, str]] = {
    "http": "uvicorn's own HTTP protocol serves, which takes more processor time",
    "websocket": "uvicorn's own WebSocket protocol serves, which takes more processor time",
    "run": "the server may not report when it is ready or stops",
    "workers": "--workers is ignored and one process serves",
    "reload": "--reload is refused",
}


def http() -> str:
    """Return the HTTP protocol for uvicorn's settings; log a warning if it is not ours."""
    return f"{_PACKAGE}.http:DoorProtocol" if usable("http") else _first_that_is_there(_STOCK_HTTP)


def websocket() -> str:
    """Return the WebSocket protocol for uvicorn's settings; log a warning if it is not ours."""
    return f"{_PACKAGE}.websocket:FrameProtocol" if usable("websocket") else _first_that_is_there(_STOCK_WEBSOCKET)


def usable(module: Module) -> bool:
    """Return whether uvicorn has what a module needs; if not, log a warning that names the consequence."""
    found = problems(module)
    if found:
        _log.warning("uvicorn %s: %s. So %s.", VERSION, "; ".join(found), WITHOUT[module])
    return not found


def problems(module: Module) -> list[str]:
    """Return why a module of this package cannot be used; empty if it can."""
    return faults(module) or list(_not_importable(module))


def all_problems() -> dict[Module, list[str]]:
    """Return why modules of this package cannot be used; usable ones are not included."""
    return {module: found for module in NAMES if (found := problems(module))}


def _not_importable(module: Module) -> Iterator[str]:
    try:
        importlib.import_module(f"{_PACKAGE}.{module}")
    except (ImportError, AttributeError) as error:
        yield f"{_PACKAGE}.{module} cannot be imported ({error})"


def _first_that_is_there(stock: Mapping[str, str]) -> str:
    """Return the name of uvicorn's first protocol whose class can be imported; "auto" leaves the choice to uvicorn."""
    for name, path in stock.items():
        module, _, protocol = path.partition(":")
        with contextlib.suppress(ImportError):
            if hasattr(importlib.import_module(module), protocol):
                return name
    return "auto"

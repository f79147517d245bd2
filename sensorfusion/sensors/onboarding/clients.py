"""Downloads of the client libraries. They need no sign-in: devices have no account, and the files are not secret."""

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from sensorfusion import __version__, clients
from sensorfusion.web.importmap import source
from sensorfusion.web.scripts import OURS, joined

_ROOT = Path(clients.__file__).parent
_ENTRY = f"{OURS}client"
_LIBRARY = _ROOT / "arduino" / "SensorFusion"


@require_safe
def handout(request: HttpRequest, name: str) -> HttpResponse:
    """Return one file as an attachment, so that browsers save it."""
    kind, read = _HANDOUTS[name]
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(read(), content_type=kind, headers=attached)


def _file(*parts: str) -> Callable[[], bytes]:
    return _ROOT.joinpath(*parts).read_bytes


def _library() -> bytes:
    """Zip the Arduino library as the Arduino IDE expects it; the result is reproducible."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(_LIBRARY.rglob("*")):
            if file.suffix in (".h", ".ino", ".properties"):
                archive.writestr(zipfile.ZipInfo(f"SensorFusion/{file.relative_to(_LIBRARY)}"), file.read_bytes())
    return packed.getvalue()


@cache
def _module() -> bytes:
    """Join the module for pages with those of our own pages that it uses."""
    entry = (_ROOT / "browser" / "sensorfusion.js").read_text(encoding="utf-8")
    code = joined(_ENTRY, read=lambda name: entry if name == _ENTRY else source(name))
    return f"// SensorFusion {__version__}: docs/browser.md, types in sensorfusion.d.ts\n{code}".encode()


_HANDOUTS: Mapping[str, tuple[str, Callable[[], bytes]]] = MappingProxyType(
    {
        "sensorfusion_client.py": ("text/x-python; charset=utf-8", _file("python", "sensorfusion_client.py")),
        "sensorfusion_reader.py": ("text/x-python; charset=utf-8", _file("python", "sensorfusion_reader.py")),
        "sensorfusion.py": ("text/x-python; charset=utf-8", _file("micropython", "sensorfusion.py")),
        "sensorfusion.js": ("text/javascript; charset=utf-8", _module),
        "sensorfusion.d.ts": ("text/plain; charset=utf-8", _file("browser", "sensorfusion.d.ts")),
        "SensorFusion.h": ("text/plain; charset=utf-8", _file("arduino", "SensorFusion", "src", "SensorFusion.h")),
        "SensorFusion.zip": ("application/zip", _library),
    }
)

urlpatterns = [path(name, handout, {"name": name}) for name in _HANDOUTS]

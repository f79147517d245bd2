"""SVG as PNG, for readers that show no SVG: chats, and programs for mail. It needs resvg from the extra `pictures`."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import sensorfusion.web

_FONT: Final = Path(sensorfusion.web.__file__).parent / "static/vendor/geist/geist-latin-400.ttf"


@cache
def has_png() -> bool:
    """Return whether PNG is available."""
    return find_spec("resvg_py") is not None


def picture_png(svg: str) -> bytes:
    """Convert a picture; `has_png` tells whether that is possible."""
    import resvg_py

    files = [str(_FONT)]
    made: bytes = resvg_py.svg_to_bytes(
        svg_string=svg, font_files=files, font_family="Geist", sans_serif_family="Geist"
    )
    return made

"""The child process: reads a document from standard input, and writes its PDF to standard output.

python -m sensorfusion.documents.paper.child

It knows neither secrets nor the database. The document can name any address: nothing is fetched but our two fonts.
"""

import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import sensorfusion.web
from sensorfusion.documents.paper.drawings import prepare

WEB: Final = Path(sensorfusion.web.__file__).parent / "static"
PAPER: Final = Path(__file__).parent
REPORTS: Final = PAPER.parent / "static/css/documents.css"
FONTS: Final = {f"font:{name}": WEB / f"vendor/geist/geist-{name}-wght-normal.woff2" for name in ("latin", "latin-ext")}
SIZES: Final = {"a4": "A4", "letter": "Letter"}
MEMORY_BYTES: Final = 1 << 30  # a year takes 150 MB
PROCESSOR_S: Final = 60
_NICE: Final = 5  # behind the server
_TOKEN: Final = re.compile(r"--([\w-]+):\s*(?:light-dark\()?(oklch\([^)]*\))")
_WIND: Final = re.compile(r"\.(w\d) \{ --w: light-dark\((oklch\([^)]*\))")


def limit_this_process() -> None:
    """Limit memory and processor time; systems without such limits have the server's time limit only."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        os.nice(_NICE)
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def colours() -> dict[str, str]:
    """Return the light colours of the style sheets, by name."""
    tokens, reports = ((path.read_text(encoding="utf-8")) for path in (WEB / "css/tokens.css", REPORTS))
    return {**dict(reversed(_TOKEN.findall(tokens))), **dict(_WIND.findall(reports))}


def style(size: str) -> str:
    """Return the style sheet of a document, with its colours."""
    sheet = (PAPER / "paper.css").read_text(encoding="utf-8")
    known = colours()
    root = "".join(f"--{name}: {value};" for name, value in known.items())
    hues = "".join(f'[data-hue="{name.removeprefix("q-")}"] {{ --c: {value} }}' for name, value in known.items())
    winds = "".join(f".{name} {{ --w: {value} }}" for name, value in known.items() if name[0] == "w")
    return f":root {{ {root} }} {hues} {winds} @page {{ size: {SIZES[size]} }} {sheet}"


def printed(html: str, *, base: str, size: str) -> bytes:
    """Return a document as PDF."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyFonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in FONTS:
                raise ValueError(f"{url} is not fetched.")
            return URLFetcherResponse(url, FONTS[url].read_bytes(), {"Content-Type": "font/woff2"})

    only, fonts = OnlyFonts(), FontConfiguration()
    document = HTML(string=html, base_url=base, url_fetcher=only)
    prepare(document.etree_element, colours())
    sheets = [CSS(string=style(size), url_fetcher=only, font_config=fonts)]
    made: bytes = document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_tags=True)
    return made


def main() -> None:
    asked = json.load(sys.stdin)
    limit_this_process()
    sys.stdout.buffer.write(printed(asked["html"], base=asked["base"], size=asked["size"]))


if __name__ == "__main__":
    main()

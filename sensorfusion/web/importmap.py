"""The scripts of the pages: one table, rendered as an import map.

Modules import each other by bare name (`import { live } from "sf/live"`). The map assigns each name a URL with the hash
of its content, so no URL is rewritten inside a file, and a changed module is one new download, not a cascade. The map
is the same for every page of a language, so the content security policy allows it by its hash (`security.py`).
"""

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from sensorfusion.web.languages.scripts import ENGLISH, MARKS
from sensorfusion.web.scripts import OURS

# The scripts of each folder of static/js/.
_FOLDERS: Final = {
    "elements": """
        crosshair dom element paper readout roll scrub sf-age sf-badge sf-banner sf-chart sf-doubt sf-feel
        sf-live sf-notices sf-onboard sf-range sf-sky sf-spark sf-tile sf-today sf-value
    """,
    "later": """
        against bands bars bell brush chart-table choose compass day-picker drawn fallback fetched-page first-day
        keys-help kinds last-values live-details map-marks notes notice-row parts sf-copy sort-rows
    """,
    "later/forms": """
        passkeys place-picker rule-try sf-filter this-browser
    """,
    "pages": """
        api-docs choices forms frame live page-alerts page-embed page-embed-cards page-explore page-exports page-kiosk
        page-offline page-onboarding page-overview page-sensor page-share page-site-share page-tv page-waiting shortcuts
    """,
    "models": """
        api arrivals carrier clock day-before events gate history light link renewal resumed sequence series
        shown-cards shown-link spans store stream tables today topic view wall
    """,
    "domain": """
        bar-sums basics derived gaps liveness sun wind zone
    """,
    "words": """
        band-words chart-words format numbers overview-words pill resolution sentences span-words station-words
        translation wind-words
    """,
    "drawing": """
        layers marks painter palette picture-file plot scene spark ticks
    """,
}

# Import name of a module -> its file under static/. A page's template names its entry module.
MODULES: Final[dict[str, str]] = {
    f"sf/{name}": f"js/{folder}/{name}.js" for folder, names in _FOLDERS.items() for name in names.split()
} | {"uplot": "vendor/uplot/uplot-1.6.32.js"}

# The entry modules of pages; once collected, each contains all our modules it needs (`scripts.py`).
PAGES: Final = tuple(name for name in MODULES if name.startswith("sf/page-"))

# Modules that pages import only when they are used. Once collected, each contains all our modules it needs, so none of
# those may hold what it shares with the page: that is passed to it.
LATER: Final = tuple(name for name, path in MODULES.items() if path.startswith("js/later/"))

# The entry modules of pages without live data: they and their imports are loaded one by one, by name.
PLAIN: Final = ("sf/forms", "sf/frame")

_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([\w/-]+)["']""")
_IMPORT_AT_ONCE = re.compile(r"""(?:\bfrom|\bimport)\s*["']([\w/-]+)["']""")


@cache
def import_map(language: str = ENGLISH) -> str:
    """Return the import map exactly as it is in the page: only modules that are imported by name."""
    entries = [*PLAIN, *(each for each in (*PAGES, *LATER) if not _is_collected(each))]
    needed = {*LATER, *(each for entry in entries for each in _loaded_with(entry))}
    named = [each for each in MODULES if each in needed or not each.startswith(OURS)]
    imports = {each: address(each, language) for each in named}
    return json.dumps({"imports": imports}, separators=(",", ":"))


@cache
def import_map_hash(language: str = ENGLISH) -> str:
    """Return the import map's hash as a `script-src` source."""
    return f"'sha256-{b64encode(sha256(import_map(language).encode()).digest()).decode()}'"


def address(name: str, language: str = ENGLISH) -> str:
    """Return the URL of a module in a language. It is the English one where no other was collected (`storage.py`)."""
    path = path_in(language, name)
    found = static(path)
    return static(MODULES[name]) if found == f"{settings.STATIC_URL}{path}" else found


def path_in(language: str, name: str) -> str:
    """Return the file of a module in a language, under static/: `js/words/pill.de.js`."""
    path = MODULES[name]
    return path if language == ENGLISH else f"{path.removesuffix('.js')}.{language}.js"


@cache
def needed_by(entry: str) -> tuple[str, ...]:
    """Return every listed module that `entry` needs to run, directly or not, nearest first and without itself."""
    found = [entry]
    for name in found:
        imported = _IMPORT_AT_ONCE.findall(source(name))
        found.extend(each for each in imported if each in MODULES and each not in found)
    return tuple(found[1:])


def preloaded(entry: str) -> tuple[str, ...]:
    """Return the files that a page with `entry` will request next."""
    needed = _loaded_with(entry)
    if entry not in PLAIN and _is_collected(entry):
        return tuple(name for name in needed if not name.startswith(OURS))
    return needed


def _loaded_with(entry: str) -> tuple[str, ...]:
    """Return what `entry` needs; once collected, no module marks its texts any more."""
    return tuple(each for each in needed_by(entry) if each != MARKS or not _is_collected(entry))


def _is_collected(name: str) -> bool:
    """Return whether static files were collected: then the file of an entry contains all our modules it needs."""
    return static(MODULES[name]) != f"{settings.STATIC_URL}{MODULES[name]}"


def imports_of(path: str) -> list[str]:
    """Return the bare names imported by the static file at `path`, in its own order."""
    return _IMPORT.findall(_text(path))


def source(name: str) -> str:
    """Return the text of a listed module."""
    return _text(MODULES[name])


def _text(path: str) -> str:
    file = finders.find(path)
    return Path(file).read_text(encoding="utf-8") if file else ""

"""Generated blocks of the documents: what stands between `<!-- generated: name -->` and `<!-- end -->`.

The rest of a page is written by hand. `make reference` writes the blocks; tests/reference/test_blocks.py compares them.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from reference import names_page, quantities_page, settings_page

ROOT: Final = Path(__file__).parents[1]
BLOCKS: Final[Mapping[str, Mapping[str, Callable[[], str]]]] = {
    "docs/settings.md": {"settings": settings_page.table},
    "docs/quantities.md": {
        "quantities": quantities_page.quantities,
        "units": quantities_page.units,
        "names": quantities_page.names,
    },
    "docs/doors/fields.md": {"console-fields": names_page.console_fields},
    "docs/doors/names.md": {"names": names_page.vocabularies},
}
_BLOCK: Final = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def generated(page: str, text: str) -> str:
    """Return a page's text with its blocks written afresh."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[page][found[2]]()}{found[3]}", text)


def names(text: str) -> list[str]:
    """List the blocks that a page has."""
    return [found[2] for found in _BLOCK.finditer(text)]


def write() -> list[str]:
    """Write every block; return the pages that changed."""
    changed = []
    for page in BLOCKS:
        path = ROOT / page
        before = path.read_text(encoding="utf-8")
        after = generated(page, before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(page)
    return changed

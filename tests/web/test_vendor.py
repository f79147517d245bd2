"""Vendored files match their list, and have a licence beside them."""

import re
from hashlib import sha256
from pathlib import Path

import sensorfusion.web

VENDOR = Path(sensorfusion.web.__file__).parent / "static" / "vendor"
_ROW = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_vendored_file_is_listed_with_its_hash() -> None:
    listed = dict(_ROW.findall((VENDOR / "README.md").read_text(encoding="utf-8")))
    files = [each for each in VENDOR.rglob("*") if each.is_file() and each.name != "README.md"]

    assert listed == {each.relative_to(VENDOR).as_posix(): sha256(each.read_bytes()).hexdigest() for each in files}


def test_every_vendored_package_has_its_licence() -> None:
    packages = [each for each in VENDOR.iterdir() if each.is_dir()]

    assert packages
    assert all((each / "LICENSE").is_file() for each in packages)


def test_every_icon_that_a_template_draws_is_in_the_sprite() -> None:
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "lucide" / "sprite.svg").read_text(encoding="utf-8")))
    templates = VENDOR.parents[2].glob("*/templates/**/*.html")
    drawn = {name for each in templates for name in re.findall(r'{% icon "([\w-]+)"', each.read_text(encoding="utf-8"))}

    assert drawn
    assert drawn <= symbols

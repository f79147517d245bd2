"""Every page of a site in use: each word of it comes from a catalogue, or is data."""

import re
from typing import Final

import pytest

from sensorfusion.accounts.models import Operator
from tests.administration.conftest import made_administrator
from tests.conftest import PASSWORD
from tests.security.test_sight import ADMIN, World, ask, everywhere, signed_in, world
from tests.web.languages.marked import mark_texts, unmarked

__all__ = ["world"]

# What stands in pages as it is: names and texts of the site in use, subjects of its audit log, units, and languages.
DATA: Final = (
    r"[\w.+-]+@[\w.-]+",
    r"https?://\S+",
    r"\bQuince mast: .*|\b(?:Quince|Open|Orchard)[\w. ]*(?:\(quince.example.org\))?",
    r"\b(?:Owner|Editor|Member|Outsider|Wait|Harbour)\b|owner's script \S*|sf_\w+|\b\w{3}-\w{3}\b",
    r"shield, two metres|higher|temperature above",
    r"SensorFusion|English|Deutsch",
    r"°[CF]|\b(?:hPa|Pa|mm|cm|km/h|km|mi|in|m/s|mph|kn|min|kB|MB|GB|UTC|inHg|mmHg|Bft)\b",
)
_DATA: Final = re.compile("|".join(DATA))


def said(html: str) -> list[str]:
    """Return the texts of a page that are neither translated nor data."""
    return [each for each in unmarked(html) if re.search(r"[^\W\d_]{2,}", _DATA.sub(" ", each))]


def test_every_word_of_every_page_can_be_translated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    root = made_administrator(Operator.objects.create_user("root@example.org", PASSWORD))
    readers = {ADMIN: signed_in(root)}
    owner = signed_in(world.cast.owner)
    mark_texts(monkeypatch)

    found = {}
    for route, method, kind in everywhere():
        answer = (
            ask(readers.get(kind, owner), world, route, method) if not route.startswith(("api/", "admin/")) else None
        )
        if answer is not None and answer.headers.get("Content-Type", "").startswith("text/html"):
            texts = said(answer.content.decode())
            if texts:
                found[f"{method} /{route}"] = texts

    assert found == {}

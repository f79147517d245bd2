"""Every page of a site in use: each word of it comes from a catalogue, or is data."""

import re
from typing import Final

from sensorfusion.accounts.models import Operator
from tests.administration.conftest import made_administrator
from tests.conftest import PASSWORD
from tests.security.test_sight import ADMIN, World, ask, everywhere, signed_in, world
from tests.web.languages.marked import marked_texts, unmarked

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


def test_every_word_of_every_page_can_be_translated(world: World) -> None:
    readers = {ADMIN: signed_in(made_administrator(Operator.objects.create_user("root@example.org", PASSWORD)))}
    owner = signed_in(world.cast.owner)

    found = {}
    with marked_texts():
        for route, method, kind in everywhere():
            if route.startswith(("api/", "admin/")):
                continue
            answer = ask(readers.get(kind, owner), world, route, method)
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            if is_page and (texts := said(answer.content.decode())):
                found[f"{method} /{route}"] = texts

    assert found == {}

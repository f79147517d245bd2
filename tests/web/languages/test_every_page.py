"""Every page of a site in use: each word of it comes from a catalogue, or is data."""

import re
from http.cookies import SimpleCookie
from typing import Final

from sensorfusion.accounts.models import Operator
from tests.administration.conftest import made_administrator
from tests.conftest import PASSWORD
from tests.security.test_sight import ADMIN, World, ask, everywhere, signed_in, world
from tests.web.languages.marked import marked_texts, reading_german, unmarked

__all__ = ["world"]

# What stands in pages as it is: names and texts of the site in use, subjects of its audit log, units, and languages.
DATA: Final = (
    r"^(?:temperature|interval|field1)$",  # names in fields
    r"^(?:[kmnu]?(?:A|V|W|lx)|[kM]?Wh?|MWh|[km]?bar|kPa|[mu]g/m3|pp[mb]|Cel|deg|rad|ms|dBm?|mm\[Hg\]|\[\S+\](?:/\w)?)$",
    r"[\w.+-]+@[\w.-]+",
    r"https?://\S+",
    r"\bQuince mast: .*|\b(?:Quince|Open|Orchard)[\w. ]*(?:\(quince.example.org\))?",
    r"\b(?:Owner|Editor|Member|Outsider|Wait|Harbour)\b|owner's script \S*|sf_\w+|\b\w{3}-\w{3}\b",
    r"two metres higher|temperature above|owner's script|cleaning|north-road|garden\.csv|\$\.main\.temp",
    r"\b(?:SensorFusion|English|Deutsch|CSV|PDF|NDJSON|Parquet|HTTP|WebSocket|MQTT|LoRaWAN|Webhook|ntfy|apprise)\b",
    r"\b(?:Weather Underground|PWSweather|WOW|WSLink|Bresser, Sencor, Garni)\b",
    r"°[CF]|\b(?:hPa|Pa|mm|cm|km/h|km|mi|in|m/s|mph|kn|min|kB|MB|GB|UTC|inHg|mmHg|Bft)\b",
)
_DATA: Final = re.compile("|".join(DATA))


def said(html: str) -> list[str]:
    """Return the texts of a page that are neither translated nor data."""
    return [each for each in unmarked(html) if re.search(r"[^\W\d_]{2,}", _DATA.sub(" ", each))]


def test_every_word_of_every_page_can_be_translated(world: World) -> None:
    root = made_administrator(Operator.objects.create_user("root@example.org", PASSWORD))
    readers = {ADMIN: reading_german(signed_in(root))}
    owner = reading_german(signed_in(world.cast.owner))

    found = {}
    with marked_texts():
        for route, method, kind in everywhere():
            if route.startswith(("api/", "admin/")):
                continue
            client = readers.get(kind, owner)
            cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
            answer = ask(client, world, route, method)
            client.cookies = cookies  # some addresses end the session, which was rolled back
            assert not answer.headers.get("Location", "").startswith("/sign-in/?"), route
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            if is_page and (texts := said(answer.content.decode())):
                found[f"{method} /{route}"] = texts

    assert sorted({text for texts in found.values() for text in texts}) == [], found

"""Every page shows the reader's own choices: no view takes one of their names for something else."""

import re

from django.http import HttpResponse

from tests.security.test_sight import World, ask, everywhere, signed_in
from tests.security.test_sight import world as world  # the fixture

# What the browser keeps, whoever is signed in; pages of which the embedding one chooses the theme.
OTHERS = re.compile(r"api/|offline/|.*/embed/")
CHOSEN = {"units": "us-kn", "clock": "12", "theme": "dark"}


def shown(answer: HttpResponse) -> dict[str, str]:
    """Return the choices that the scripts of a page find at its root element, by name."""
    page = answer.content.decode(errors="replace") if "text/html" in answer.get("Content-Type", "") else ""
    root = re.search(r"<html[^>]*>", page)
    return {
        name: value for name, value in re.findall(r'data-(\w+)="([^"]*)"', root[0] if root else "") if name in CHOSEN
    }


def test_each_page_has_the_choices_of_its_reader(world: World) -> None:
    owner = world.cast.owner
    owner.units, owner.single_units, owner.clock = "us", ["kn"], "12"
    owner.save()
    client = signed_in(owner)
    client.cookies["theme"] = "dark"

    found = {
        route: choices
        for route, method, _ in everywhere()
        if method == "GET" and not OTHERS.match(route) and (choices := shown(ask(client, world, route, method)))
    }

    assert len(found) > 30
    assert {route: choices for route, choices in found.items() if choices != CHOSEN} == {}

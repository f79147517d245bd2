"""The list of sections beside the pages of a sensor's settings."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from sensorfusion.sensors.templatetags.sections import SECTIONS, Section
from tests.conftest import Cast
from tests.security.test_sight import ours

# Pages of a sensor that its editors alone may open, and that are steps of something else than its settings.
_OTHERS = {"sensor-start", "alert-rule-new"}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.route)
def test_every_section_has_the_whole_list_with_itself_as_the_current_one(
    client: Client, cast: Cast, section: Section
) -> None:
    client.force_login(cast.editor)

    shown = client.get(reverse(section.route, args=[cast.sensor.uuid])).text

    links, current = _list_in(shown)
    assert links == [reverse(each.route, args=[cast.sensor.uuid]) for each in SECTIONS]
    assert current == [reverse(section.route, args=[cast.sensor.uuid])]


def test_every_page_that_only_editors_open_is_a_section(client: Client, cast: Cast) -> None:
    client.force_login(cast.member)

    refused = {
        name for name in _routes_of_a_sensor() if client.get(reverse(name, args=[cast.sensor.uuid])).status_code == 403
    }

    assert refused - _OTHERS <= {each.route for each in SECTIONS}
    assert len(refused) >= len(SECTIONS) - 1  # of which notes are read by viewers


def test_those_who_may_only_read_are_not_offered_the_sections(client: Client, cast: Cast) -> None:
    client.force_login(cast.member)

    shown = client.get(reverse("sensor-notes-page", args=[cast.sensor.uuid])).text

    assert _list_in(shown) == ([], [])
    assert reverse("sensor-settings", args=[cast.sensor.uuid]) not in shown


def _list_in(shown: str) -> tuple[list[str], list[str]]:
    found = re.search(r'<nav class="sections".*?</nav>', shown, flags=re.DOTALL)
    links = re.findall(r'<a href="([^"]+)"([^>]*)>', found[0]) if found else []
    return [address for address, _ in links], [address for address, more in links if "aria-current" in more]


def _routes_of_a_sensor() -> set[str]:
    """The names of the pages at /sensors/<id>/…/ with nothing more in their address."""
    found = {pattern.name: route for route, pattern in ours().items() if pattern.name}
    return {name for name, route in found.items() if re.fullmatch(r"sensors/<uuid:uuid>/[^<]+/", route)}

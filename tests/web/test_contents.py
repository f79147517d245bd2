"""The list of a long page's sections, made from their headings."""

import re

import pytest
from django.template import Context, Template
from django.test import Client

from tests.conftest import Cast


def test_the_list_has_the_headings_that_are_shown_in_their_order() -> None:
    page = """{% load contents %}{% contents %}
        <h2 id="place">Place</h2>
        {% if hidden %}<h2 id="secret">Secret</h2>{% endif %}
        <h2 id="all-notes">
          Notes of {{ name }}
        </h2>
        <h2>Without a name</h2>
    {% endcontents %}"""

    shown = Template(page).render(Context({"name": "<b>&"}))

    links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', shown)
    assert links == [("place", "Place"), ("all-notes", "Notes of &lt;b&gt;&amp;")]
    assert "<b>" not in shown


@pytest.mark.parametrize("page", ["/account/", "/sites/{site}/settings/"])
@pytest.mark.parametrize("reader", ["owner", "member"])
def test_a_long_page_lists_every_section_that_its_reader_has(
    client: Client, cast: Cast, page: str, reader: str
) -> None:
    client.force_login(getattr(cast, reader))

    shown = client.get(page.format(site=cast.site.uuid)).text

    listed = re.findall(r'<a href="#([\w-]+)">', re.search(r'<nav class="sections".*?</nav>', shown, re.DOTALL)[0])  # type: ignore[index]
    assert listed == re.findall(r'<section class="setting[^"]*" aria-labelledby="([\w-]+)"', shown)
    assert len(listed) > 3

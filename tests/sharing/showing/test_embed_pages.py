"""Parts of a link in pages of other sites: what they show, who may embed them, and what they weigh."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from sensorfusion.domain.refusals import Refusal
from sensorfusion.sharing.models import Share
from sensorfusion.sharing.services import change_share, make_share
from sensorfusion.sharing.showing.embed_pages import EMBEDS
from sensorfusion.web.importmap import MODULES, needed_by
from tests.conftest import Cast
from tests.storing import store

KINDS = list(EMBEDS)
LIMIT = 40 * 1024


@pytest.fixture
def sent(cast: Cast) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=30)
    values = {"temperature": 12.5, "humidity": 61, "pressure": 271.8, "door_open": True}
    store(cast.sensor, [(begun + timedelta(minutes=each), values) for each in range(30)])


def shared(cast: Cast, **more: Any) -> str:
    given = {"name": "Garden air", "quantities": ["temperature", "humidity", "door_open"], **more}
    return f"/s/{make_share(by=cast.owner, sensor=cast.sensor, now=datetime.now(UTC), **given).text}/"


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_embeds_a_link_that_names_no_site(client: Client, cast: Cast, sent: None, kind: str) -> None:
    answer = client.get(f"{shared(cast)}embed/{kind}/")

    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("kind", KINDS)
def test_the_sites_of_a_link_may_embed_its_parts_and_nothing_else(
    client: Client, cast: Cast, sent: None, kind: str
) -> None:
    path = shared(cast, origins=["https://Blog.example.org/", "http://10.0.0.5:8080", "https://blog.example.org:443"])

    answer = client.get(f"{path}embed/{kind}/")

    policy = answer["Content-Security-Policy"].split("; ")
    assert "frame-ancestors https://blog.example.org http://10.0.0.5:8080" in policy
    assert "X-Frame-Options" not in answer
    for other in ("", "latest/", "picture.svg"):
        assert "frame-ancestors 'none'" in client.get(path + other)["Content-Security-Policy"]


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.org", "https://a.org/path", "a.org", "https://a.org; script-src *", "https://a.org x.org",
     "https://a.org,b.org", "javascript:alert(1)", "'self'", "data:", "https://ä.org", "", "https://u@a.org"],
)  # fmt: skip
def test_a_site_that_could_change_the_policy_is_refused(cast: Cast, sent: None, origin: str) -> None:
    path = shared(cast)
    with pytest.raises(Refusal) as refused:
        shared(cast, origins=[origin])
    assert refused.value.field == "origins"
    with pytest.raises(Refusal):
        change_share(by=cast.owner, share=Share.objects.get(), now=datetime.now(UTC), origins=[origin])
    assert path


def test_each_part_shows_its_values(client: Client, cast: Cast, sent: None) -> None:
    path = shared(cast)
    card, value, chart, states = (client.get(f"{path}embed/{kind}/").content.decode() for kind in KINDS)

    assert re.findall(r'data-q="(\w+)"', card) == ["temperature", "humidity", "door_open"]
    assert re.findall(r'data-q="(\w+)"', value) == ["temperature"]
    assert "Last 24 hours: 12.5\u00a0°C to 12.5\u00a0°C" in chart
    assert '<path d="M' in chart
    assert 'class="strip"' in states
    assert "door" in states.lower()
    assert 'data-q="humidity"' in client.get(f"{path}embed/value/?q=humidity").content.decode()
    assert 'data-q="pressure"' not in client.get(f"{path}embed/value/?q=pressure").content.decode()


def test_theme_units_and_background_are_chosen_in_the_address(client: Client, cast: Cast, sent: None) -> None:
    path = f"{shared(cast)}embed/card/"
    plain = client.get(path).content.decode()
    chosen = client.get(f"{path}?theme=dark&units=us&transparent=1").content.decode()

    assert '<html lang="en" data-theme="auto" data-units="metric" data-clock="24" >' in plain
    assert '<html lang="en" data-theme="dark" data-units="us" data-clock="24" data-transparent>' in chosen
    assert "°F" in chosen
    assert 'data-theme="auto"' in client.get(f"{path}?theme=x%22y").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_weighs_less_than_40_kb(client: Client, cast: Cast, sent: None, kind: str) -> None:
    page = client.get(f"{shared(cast)}embed/{kind}/").content.decode()

    sheets = re.findall(r'rel="stylesheet" href="/static/([^"?]+)"', page)
    assert len(sheets) == 2
    scripts = [MODULES[name] for name in ("sf/page-embed", *needed_by("sf/page-embed"), "sf/fetched-page", "sf/api")]
    files = [Path(str(finders.find(re.sub(r"\.[0-9a-f]{12}\.", ".", each)))).read_bytes() for each in sheets + scripts]
    weight = sum(len(gzip.compress(each)) for each in (page.encode(), *files))
    assert "woff2" not in page
    assert weight < LIMIT, weight
    assert weight > 3_000

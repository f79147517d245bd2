"""One sentence, one badge and one dim colour for what is not fresh, on every page of a sensor that has stopped."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client

from sensorfusion.sharing.services import make_share
from tests.conftest import Cast
from tests.reports.weather import observe
from tests.web.values.colours import contrast, mixed, skies_of, tokens_of

NOON: Final = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
SAID: Final = {
    "late": (3, "Late, last at 10:10"),
    "offline": (6, "No data since 07:10"),
}  # hours silent, by Warsaw's clock
BADGE: Final = r'<sf-badge data-state="(\w+)"[^>]*><i class="dot"></i><span data-fact="why">([^<]*)</span></sf-badge>'
SHOWING: Final = (
    "/?view=cards", "/?view=table", "/?view=map", "/sensors/", "/sensors/{sensor}/", "/sensors/{sensor}/settings/",
    "/sites/{site}/settings/", "{link}", "{link}embed/card/", "{link}embed/value/", "{link}embed/chart/",
    "{link}embed/states/",
)  # fmt: skip
STALE_PART: Final = 0.64
STALE_PART_ON_SKY: Final = 0.76
OTHER_WORDS: Final = re.compile(r">\s*(?:Late|No data|Offline|Stale)\b(?!, last at|\s+(?:since|for))")


@pytest.fixture(params=SAID)
def state(request: pytest.FixtureRequest, cast: Cast) -> Iterator[str]:
    with time_machine.travel(NOON, tick=False):
        observe(cast.sensor, until=NOON - timedelta(hours=SAID[request.param][0]))
        yield request.param


def places(cast: Cast) -> dict[str, str]:
    made = make_share(by=cast.owner, sensor=cast.sensor, name="Air", quantities=["temperature", "humidity"], now=NOON)
    return {"sensor": str(cast.sensor.uuid), "site": str(cast.site.uuid), "link": f"/s/{made.text}/"}


def pages(client: Client, first: str) -> Iterator[tuple[str, str]]:
    """Follow every link from the first page; forms and files have no state."""
    seen, waiting = {first}, [first]
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        html = answer.content.decode()
        yield path, html
        found = {each.replace("&amp;", "&") for each in re.findall(r'href="(/[^"#]*)"', html)}
        fresh = {each for each in found if not each.startswith(("/static/", "/api/", "/explore/")) and "?" not in each}
        waiting += sorted(fresh - seen)
        seen |= fresh


def test_each_page_that_shows_the_state_has_the_same_badge_and_sentence(cast: Cast, state: str) -> None:
    client, found = Client(), places(cast)
    client.force_login(cast.owner)

    for path in SHOWING:
        html = client.get(path.format(**found)).content.decode()
        assert (state, SAID[state][1]) in re.findall(BADGE, html), path
        assert {why for _, why in re.findall(BADGE, html)} <= {SAID[state][1]}, path


def test_no_page_says_it_in_other_words_or_dims_without_a_badge(cast: Cast, state: str) -> None:
    client = Client()
    client.force_login(cast.owner)
    looked_at = dict(pages(client, "/"))

    for path, html in looked_at.items():
        assert not OTHER_WORDS.findall(re.sub(r"<text\b.*?</text>|<script\b.*?</script>", "", html)), path
        if f'data-state="{state}"' in html:
            assert SAID[state][1] in html, path
    assert f"/sensors/{cast.sensor.uuid}/" in looked_at
    assert len(looked_at) > 20


def test_what_links_send_has_the_same_sentence(cast: Cast, state: str) -> None:
    link = places(cast)["link"]

    assert Client().get(f"{link}latest/").json()["why"] == SAID[state][1]
    lead = SAID[state][1].rpartition(" ")[0]
    assert f"{lead} 22 Nov 2026, " in Client().get(f"{link}picture.svg").content.decode()


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("on", ["bg", "surface", "raised", "sunken"])
def test_the_colour_of_what_is_not_fresh_is_readable_on_every_surface(on: str, theme: int) -> None:
    tokens = tokens_of(str(finders.find("css/tokens.css")), theme)

    for colour in (mixed(tokens["text"], tokens[on], STALE_PART), tokens["warn"], tokens["crit"], tokens["muted"]):
        assert contrast(colour, tokens[on]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_colour_of_what_is_not_fresh_is_readable_on_every_sky_but_dusk(theme: int) -> None:
    skies = skies_of(str(finders.find("css/tokens.css")), theme)

    for name in skies.keys() - {"twilight"}:  # there it is not dimmed
        above, below, text = skies[name]
        for sky in (above, below):
            assert contrast(mixed(text, sky, STALE_PART_ON_SKY), sky) >= 4.5, name


def test_there_is_one_token_for_what_is_not_fresh() -> None:
    with open(str(finders.find("css/tokens.css")), encoding="utf-8") as file:
        text = file.read()

    parts = re.findall(r"--stale:\s+(?:color-mix\(in oklab, currentcolor (\d+)%, transparent\)|currentcolor)", text)
    assert parts == [f"{STALE_PART * 100:.0f}", f"{STALE_PART_ON_SKY * 100:.0f}", ""]

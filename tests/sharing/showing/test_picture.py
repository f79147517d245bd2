"""The picture of a link: the numbers of its card, at most the span of the link, and nothing else of the sensor."""

import struct
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from sensorfusion.sharing.services import make_share
from sensorfusion.sharing.showing import pages
from tests.conftest import Cast
from tests.storing import store

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["temperature", "humidity", "pressure", "wind_speed", "dew_point", "uv_index"]


@pytest.fixture
def begun() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=30)


@pytest.fixture
def path(cast: Cast, begun: datetime) -> str:
    values = {"temperature": -3.46, "humidity": 61, "pressure": 1013.2, "wind_speed": 4.2}
    store(cast.sensor, [(begun + timedelta(minutes=each), values) for each in range(30)])
    return shared(cast, NAMES)


def shared(cast: Cast, quantities: list[str], **more: Any) -> str:
    given = {"name": "Garden <air> & more", "now": datetime.now(UTC), **more}
    return f"/s/{make_share(by=cast.owner, sensor=cast.sensor, quantities=quantities, **given).text}/"


def observe(cast: Cast, *, others_before: timedelta = timedelta(), **values: float) -> None:
    """Store a newer reading of these quantities; the others are as old as they were, or older by a span."""
    state = cast.sensor.state
    state.refresh_from_db()
    assert state.observed_at is not None
    others = dict.fromkeys(state.values.keys() - values.keys(), (state.observed_at - others_before).timestamp())
    state.older = {**others, **(state.older or {})}
    state.values, state.observed_at = {**state.values, **values}, state.observed_at + timedelta(minutes=1)
    state.seq += 1
    state.save()


def drawn(text: str) -> list[list[str]]:
    """Return the values of a picture: of each the quantity, and its number with the unit."""
    texts = [each for each in ElementTree.fromstring(text).iter(f"{SVG}text") if each.get("data-q")]
    return [[each.attrib["data-q"], " ".join(part.text or "" for part in each).strip()] for each in texts]


@pytest.mark.parametrize("units", ["metric", "us"])
def test_the_numbers_of_the_picture_are_those_of_the_card(client: Client, path: str, units: str) -> None:
    picture = client.get(f"{path}picture.svg?units={units}")

    assert picture["Content-Type"] == "image/svg+xml"
    card = client.get(f"{path}card.json?units={units}").json()["values"]
    assert drawn(picture.content.decode()) == card
    assert len(card) == 4


def test_the_picture_has_the_name_and_the_day_of_the_link(client: Client, cast: Cast, path: str) -> None:
    root = ElementTree.fromstring(client.get(f"{path}picture.svg").content)

    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert texts[0] == "Garden <air> & more"
    assert str(datetime.now(UTC).year)[:3] in (texts[1] or "")


def test_a_value_that_is_older_is_not_shown_as_of_now(client: Client, cast: Cast, path: str) -> None:
    observe(cast, others_before=timedelta(hours=5), temperature=-3.5)

    assert drawn(client.get(f"{path}picture.svg").content.decode()) == [["temperature", "−3.5 °C"]]


def test_a_link_without_values_has_a_picture_that_says_so(client: Client, cast: Cast) -> None:
    text = client.get(f"{shared(cast, ['temperature'])}picture.svg").content.decode()

    assert "Waiting for the first reading" in text
    assert drawn(text) == []


def test_long_texts_stay_within_the_picture(client: Client, cast: Cast) -> None:
    names = [f"probe_{number}" for number in range(9)]
    store(cast.sensor, [(datetime.now(UTC), dict.fromkeys(names, "a long text " * 5))])

    texts = drawn(client.get(f"{shared(cast, names, name='W' * 80)}picture.svg").content.decode())

    assert len(texts) == 5
    assert max(len(text) for _, text in texts) <= 14


def test_the_line_shows_no_more_than_the_last_day(client: Client, cast: Cast) -> None:
    now = datetime.now(UTC)
    store(cast.sensor, [(now - timedelta(hours=each), {"temperature": 12.5}) for each in (40, 3, 2, 1)])
    path = shared(cast, ["temperature"], history="7d")

    root = ElementTree.fromstring(client.get(f"{path}picture.svg").content)

    (line,) = (each.attrib["d"] for each in root.iter(f"{SVG}path") if each.get("stroke-linejoin"))
    assert line.count("M") + line.count("L") == 3


def test_an_unchanged_picture_is_not_sent_again(client: Client, cast: Cast, path: str) -> None:
    for name in ("picture.svg", "picture.png"):
        etag = client.get(path + name)["ETag"]
        again = client.get(path + name, headers={"If-None-Match": etag})
        assert (again.status_code, again["ETag"], again.content) == (304, etag, b"")
        assert again["Referrer-Policy"] == "no-referrer"

    observe(cast, temperature=-4.5)
    assert client.get(f"{path}picture.svg", headers={"If-None-Match": etag}).status_code == 200


def test_a_reading_of_a_quantity_that_is_not_shared_changes_no_picture(client: Client, cast: Cast, path: str) -> None:
    path = shared(cast, ["humidity"])
    etag = client.get(f"{path}picture.svg")["ETag"]
    observe(cast, pressure=999.5)

    assert client.get(f"{path}picture.svg")["ETag"] == etag


def test_the_png_is_the_picture_with_its_texts(client: Client, path: str) -> None:
    answer = client.get(f"{path}picture.png")

    assert answer["Content-Type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    assert len(zlib.compress(answer.content)) > 10_000  # without letters it has 4 kB


def test_without_the_renderer_the_png_says_what_to_install(
    client: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "has_png", lambda: False)

    answer = client.get(f"{path}picture.png")

    assert answer.status_code == 501
    assert "pip install 'sensorfusion[pictures]'" in answer.content.decode()


def test_the_page_of_a_link_names_its_picture_and_values(client: Client, path: str) -> None:
    text = client.get(path).content.decode()

    assert f'<meta property="og:image" content="http://testserver{path}picture.png">' in text
    assert '<meta property="og:title" content="Garden &lt;air&gt; &amp; more">' in text
    assert '<meta property="og:description" content="Temperature −3.5 °C, Humidity 61 %, ' in text


def test_the_page_that_asks_for_a_password_names_no_picture(client: Client, cast: Cast, path: str) -> None:
    locked = shared(cast, ["temperature"], password="open, sesame")

    assert "og:" not in client.get(locked).content.decode()
    assert client.get(f"{locked}picture.svg").status_code == 404

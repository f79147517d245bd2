"""What a link shows, below `/s/`: the chosen quantities, and of nothing else a trace."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, get_resolver

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing import rate_limit
from sensorfusion.sharing.counting import VIEWS, Views
from sensorfusion.sharing.models import Grid, History, Share
from sensorfusion.sharing.queries import shared, shares_of
from sensorfusion.sharing.services import IssuedShare, end_share, make_share
from sensorfusion.sharing.station import rounded_place
from sensorfusion.sharing.tokens import token_of
from tests.conftest import Cast
from tests.storing import store

PASSWORD: Final = "open, sesame seed"
SECRET: Final = 271.828  # of a quantity that is not shared, and occurs in no page by chance
SPARE: Final = "Secret Quince"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def made(cast: Cast) -> IssuedShare:
    Sensor.objects.filter(pk=cast.sensor.pk).update(name=f"{SPARE} mast", model=f"{SPARE} 3000")
    cast.site.name, cast.site.notice = f"{SPARE} Hill", f"{SPARE} notice"
    cast.site.save()
    cast.sensor.refresh_from_db()
    begun = now() - timedelta(minutes=30)
    readings = [
        (
            begun + timedelta(minutes=each),
            {"temperature": 12.5, "humidity": 61, "pressure": SECRET, "aquamarine": SECRET},
        )
        for each in range(30)
    ]
    store(cast.sensor, readings)
    make_note(by=cast.owner, sensor=cast.sensor, starts_at=begun, text=f"{SPARE} was here", now=now())
    return share(cast)


def share(cast: Cast, **more: Any) -> IssuedShare:
    given = {"name": "Garden air", "quantities": ["temperature", "humidity"], "now": now(), **more}
    return make_share(by=cast.owner, sensor=cast.sensor, **given)


def routes(token: str) -> list[str]:
    """Return every address below `/s/`; a new route is in it by itself."""
    found = [each for each in _patterns(get_resolver().url_patterns) if each.startswith("s/<")]
    assert len(found) >= 3
    return [f"/{each.replace('<str:token>', token)}" for each in found]


def _patterns(patterns: Any, before: str = "") -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _patterns(each.url_patterns, route)


# Of the reader's own choices, which name kinds of units whatever the page shows.
UNIT_MENU = re.compile(r'<details class="singles">.*?</details>', re.DOTALL)


def told(answer: Any) -> str:
    text = UNIT_MENU.sub("", answer.content.decode(errors="replace"))
    return text + str(answer.headers) + str(answer.cookies)


def test_a_network_that_asks_too_often_waits_at_every_address(
    client: Client, made: IssuedShare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "PER_NETWORK", 2)
    for address in routes(made.text):
        rate_limit.REQUESTS.forget()
        answers = [client.get(address, REMOTE_ADDR="192.0.2.7") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429], address
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert client.get(address, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_a_value_of_another_time_says_of_which(client: Client, cast: Cast) -> None:
    store(cast.sensor, [(now() - timedelta(hours=5), {"wind_gust": 10.3}), (now(), {"temperature": 12.5})])
    token = share(cast, quantities=["temperature", "wind_gust"]).text

    gust = client.get(f"/s/{token}/latest/").json()["values"]["wind_gust"]

    assert gust[:2] == ["10.3", "m/s"]
    assert gust[2]
    assert gust[2] in client.get(f"/s/{token}/").content.decode()
    assert client.get(f"/s/{token}/card.json").json()["values"] == [["temperature", "12.5 °C"]]


def test_the_page_shows_the_chosen_quantities_under_the_name_of_the_link(client: Client, made: IssuedShare) -> None:
    page = client.get(f"/s/{made.text}/")

    assert page.status_code == 200
    text = page.content.decode()
    for words in ("Garden air", "12.5", "61", "Temperature", "Humidity"):
        assert words in text


def test_no_route_tells_anything_else_of_the_sensor_and_its_site(client: Client, cast: Cast, made: IssuedShare) -> None:
    people = [cast.owner, cast.editor, cast.member]
    hidden = [str(each.uuid) for each in people] + [str(cast.site.uuid), str(cast.sensor.uuid)]
    hidden += [SPARE, str(SECRET), "pressure", "aquamarine", "Warsaw", "° N", "° E", *(each.email for each in people)]
    for path in routes(made.text):
        for query in (
            "",
            "?r=1y",
            "?quantities=pressure&q=pressure",
            "?from=1&to=2000000000",
            "?day=2026-11-01",
            "?kiosk=1",
        ):
            answer = client.get(path + query)

            assert answer.status_code == 200, path
            assert [each for each in hidden if each.lower() in told(answer).lower()] == [], path + query


def test_every_route_is_private_and_sends_no_referrer(client: Client, made: IssuedShare) -> None:
    for token in (made.text, "sfs_unknown"):
        for path in routes(token):
            answer = client.get(path)

            assert answer["Referrer-Policy"] == "no-referrer"
            assert "noindex" in answer["X-Robots-Tag"]
            assert answer["Cache-Control"] in ("private, no-store", "private, no-cache")
            assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_an_unknown_an_expired_and_a_revoked_link_are_answered_the_same(client: Client, cast: Cast) -> None:
    expired = share(cast, expires_at=now() + timedelta(hours=1))
    Share.objects.filter(pk=expired.share.pk).update(expires_at=now())
    revoked = share(cast)
    end_share(by=cast.owner, share=revoked.share)
    unknown = token_of(b"another seed")
    locked = share(cast, password=PASSWORD)

    for each in (expired.text, revoked.text, "x", "sfs_", "sfs_" + "ä" * 40):
        for path, other in zip(routes(each), routes(unknown), strict=True):
            ours, theirs = client.get(path), client.get(other)
            assert (ours.status_code, ours.content) == (404, theirs.content), path
    for path in routes(locked.text)[1:]:
        assert client.get(path).content == client.get(routes(unknown)[1]).content
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_link_changes_nothing(client: Client, made: IssuedShare, method: str) -> None:
    before = list(Share.objects.values())
    for path in routes(made.text):
        assert getattr(client, method)(path).status_code in (302, 405), path
    assert list(Share.objects.values()) == before


def test_a_link_is_no_right_anywhere_else(client: Client, cast: Cast, made: IssuedShare) -> None:
    client.get(f"/s/{made.text}/")
    paths = (f"/sensors/{cast.sensor.uuid}/", f"/api/v1/sensors/{cast.sensor.uuid}/latest/")

    for headers in ({}, {"Authorization": f"Bearer {made.text}"}):
        for path in paths:
            assert client.get(path, headers=headers).status_code in (302, 401)


def test_a_link_ends_with_the_right_of_its_maker(client: Client, cast: Cast, made: IssuedShare) -> None:
    of_editor = make_share(by=cast.editor, sensor=cast.sensor, name="Mine", quantities=["humidity"], now=now())
    path = f"/s/{of_editor.text}/"
    assert client.get(path).status_code == 200

    held = Membership.objects.filter(operator=cast.editor, site=cast.site)
    held.update(role=Role.VIEWER)
    assert client.get(path).status_code == 404
    held.update(role=Role.EDITOR)
    assert client.get(path).status_code == 200
    Operator.objects.filter(pk=cast.editor.pk).update(is_active=False)
    assert client.get(path).status_code == 404
    assert [each.is_open for each in shares_of(cast.sensor, now=now())] == [False, True]
    held.delete()
    assert client.get(path).status_code == 404
    assert client.get(f"/s/{made.text}/").status_code == 200


def test_a_link_expires_at_its_instant(cast: Cast) -> None:
    at = now() + timedelta(hours=1)
    made = share(cast, expires_at=at)

    assert shared(made.text, now=at - timedelta(microseconds=1)) is not None
    assert shared(made.text, now=at) is None


def test_only_the_ranges_of_the_link_are_shown(client: Client, cast: Cast, made: IssuedShare) -> None:
    week = share(cast, history=History.WEEK)

    assert client.get(f"/s/{week.text}/series/?r=7d").json()["range"] == "7d"
    assert client.get(f"/s/{week.text}/series/?r=1y").json()["range"] == "24h"
    assert client.get(f"/s/{made.text}/series/?r=7d").json()["range"] == "24h"
    assert "r=7d" not in client.get(f"/s/{made.text}/").content.decode()


def test_a_link_that_shows_only_states_offers_no_range(client: Client, cast: Cast) -> None:
    store(cast.sensor, [(now() - timedelta(minutes=1), {"door_open": True, "temperature": 12.5})])

    texts = [
        client.get(f"/s/{share(cast, quantities=[name], history=History.YEAR).text}/").content.decode()
        for name in ("door_open", "temperature")
    ]

    assert ["Range of all charts" in text for text in texts] == [False, True]


def test_no_reading_before_the_range_of_the_link_is_shown(client: Client, cast: Cast) -> None:
    at = now() - timedelta(hours=40)
    store(cast.sensor, [(at, {"temperature": 48.6}), (now() - timedelta(minutes=1), {"temperature": 12.5})])
    token, of_week = share(cast).text, share(cast, history=History.WEEK).text

    text = client.get(f"/s/{token}/").content.decode()
    assert "Always 12.5\u00a0°C" in text
    assert "48.6\u00a0°C" not in text
    assert "Yesterday" not in text
    assert client.get(f"/s/{token}/series/").json()["columns"]["temperature"] == [12.5]
    assert "Between 12.5 and 48.6\u00a0°C" in client.get(f"/s/{of_week}/?r=7d").content.decode()


def test_data_are_those_of_the_chosen_quantities(client: Client, made: IssuedShare) -> None:
    newest = client.get(f"/s/{made.text}/latest/").json()
    columns = client.get(f"/s/{made.text}/series/").json()["columns"]

    assert newest["values"] == {"temperature": ["12.5", "°C", ""], "humidity": ["61", "%", ""]}
    assert {name: set(values) for name, values in columns.items()} == {"temperature": {12.5}, "humidity": {61.0}}


def test_the_card_has_as_many_values_as_fit_into_300_bytes(client: Client, cast: Cast, made: IssuedShare) -> None:
    answer = client.get(f"/s/{made.text}/card.json?units=us")
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["values"] == [["temperature", "55 °F"], ["humidity", "61 %"]]
    assert answer.json().keys() == {"name", "state", "at", "values"}

    state = cast.sensor.state
    names = [f"probe_{number}_of_the_boiler" for number in range(20)]
    state.values = {"temperature": 12.5, **dict.fromkeys(names, "a long text " * 3)}
    state.save()
    many = share(cast, name="ä" * 80, quantities=[*names, "temperature"])

    answer = client.get(f"/s/{many.text}/card.json")
    assert len(answer.content) <= 300
    assert answer.json()["values"][0] == ["temperature", "12.5 °C"]
    assert 1 <= len(answer.json()["values"]) < 20


def test_a_reading_of_another_quantity_alone_leaves_no_trace(client: Client, cast: Cast, made: IssuedShare) -> None:
    before = client.get(f"/s/{made.text}/latest/").json()
    state = cast.sensor.state
    at = state.observed_at
    assert at is not None
    state.observed_at, state.values["pressure"] = at + timedelta(minutes=1), 999.5
    state.older = {"temperature": at.timestamp(), "humidity": at.timestamp()}
    state.seq += 1
    state.save()

    assert client.get(f"/s/{made.text}/latest/").json() == before


def test_the_place_is_hidden_unless_the_link_shows_its_square(client: Client, cast: Cast, made: IssuedShare) -> None:
    wide, narrow = share(cast, grid=Grid.WIDE), share(cast, grid=Grid.NARROW)

    assert "· near" not in client.get(f"/s/{made.text}/").content.decode()
    assert "near 52.50° N, 21.50° E" in client.get(f"/s/{wide.text}/").content.decode()
    assert "near 52.25° N, 21.05° E" in client.get(f"/s/{narrow.text}/").content.decode()
    assert rounded_place((-0.1, -179.99), Grid.WIDE) == (-0.5, -179.5)
    assert rounded_place((90, 180), Grid.WIDE) == (90, 180)


def test_a_password_opens_the_link_in_this_browser_alone(client: Client, cast: Cast, made: IssuedShare) -> None:
    locked, other = share(cast, password=PASSWORD), share(cast, password=PASSWORD)
    path = f"/s/{locked.text}/"

    asked = client.get(path)
    assert (asked.status_code, "12.5" in told(asked), "Garden" in told(asked)) == (200, False, False)
    wrong = client.post(path, {"password": "not it"})
    assert (wrong.status_code, wrong.cookies.get("share")) == (400, None)
    right = client.post(path, {"password": PASSWORD})
    assert (right.status_code, right["Location"]) == (302, path)
    cookie = right.cookies["share"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (path, True, "Lax")

    assert "12.5" in client.get(path).content.decode()
    assert client.get(f"{path}latest/").status_code == 200
    assert "12.5" not in client.get(f"/s/{other.text}/").content.decode()  # although the test client sends the cookie
    assert "12.5" not in Client().get(path).content.decode()


def test_the_form_of_the_password_can_be_sent_by_browsers(cast: Cast, made: IssuedShare) -> None:
    """A page without referrer would send `Origin: null`, which the check of forms refuses."""
    locked = share(cast, password=PASSWORD)

    assert Client().get(f"/s/{locked.text}/")["Referrer-Policy"] == "same-origin"


def test_wrong_passwords_are_limited(client: Client, cast: Cast) -> None:
    cache.clear()
    path = f"/s/{share(cast, password=PASSWORD).text}/"
    codes = [client.post(path, {"password": str(each)}).status_code for each in range(21)]

    assert codes == [400] * 20 + [429]
    assert client.post(path, {"password": PASSWORD}).status_code == 429
    assert client.post(path, {"password": PASSWORD}, REMOTE_ADDR="198.51.100.9").status_code == 302


def test_neither_token_nor_password_is_stored_or_recorded(cast: Cast) -> None:
    made = share(cast, password=PASSWORD)

    row = str([bytes(each) if isinstance(each, memoryview) else each for each in Share.objects.values_list().get()])
    assert made.text not in row
    assert made.text[4:] not in row
    assert PASSWORD not in row
    assert [made.text in str(entry) or PASSWORD in str(entry) for entry in AuditEntry.objects.all()] == [False]


def test_another_secret_key_ends_copying_and_not_the_link(
    client: Client, cast: Cast, made: IssuedShare, settings: Any
) -> None:
    [listed] = shares_of(cast.sensor, now=now())
    assert listed.token == made.text

    settings.SECRET_KEY = "another"
    [listed] = shares_of(cast.sensor, now=now())

    assert (listed.token, listed.is_open) == ("", True)
    assert client.get(f"/s/{made.text}/").status_code == 200


def test_viewers_and_outsiders_make_and_end_no_link(cast: Cast, made: IssuedShare) -> None:
    for operator in (cast.member, cast.outsider):
        with pytest.raises(Refusal, match="not"):
            make_share(by=operator, sensor=cast.sensor, name="x", quantities=["temperature"], now=now())
        with pytest.raises(Refusal):
            end_share(by=operator, share=made.share)


def test_views_are_written_together_and_not_by_each_request(client: Client, made: IssuedShare) -> None:
    at_s = 0.0
    views = Views(clock=lambda: at_s)
    for _ in range(3):
        views.note(made.share.pk)
    made.share.refresh_from_db()
    assert made.share.views == 0
    at_s = 31.0
    views.note(made.share.pk)
    made.share.refresh_from_db()
    assert made.share.views == 4

    client.get(f"/s/{made.text}/")
    client.get(f"/s/{made.text}/?again=1")  # what an open page fetches
    VIEWS.write()
    made.share.refresh_from_db()
    assert made.share.views == 5


@pytest.mark.parametrize(("range_", "seconds"), [("24h", 60), ("7d", 420)])
def test_charts_are_drawn_again_when_a_difference_would_be_seen(
    client: Client, cast: Cast, made: IssuedShare, range_: str, seconds: int
) -> None:
    made = make_share(
        by=cast.owner, sensor=cast.sensor, name="Air", quantities=["temperature"], history="7d", now=now()
    )

    shown = client.get(f"/s/{made.text}/?r={range_}").text

    drawn = shown[shown.index('data-drawn="charts"') :]
    every_ms = int(re.search(r'data-every-ms="(\d+)"', drawn)[1])  # type: ignore[index]
    assert every_ms == pytest.approx(seconds * 1000, rel=0.05)  # a day of a clock change has another length
    assert "<sf-chart" in drawn


def test_a_deleted_sensor_takes_its_links_along(client: Client, cast: Cast, made: IssuedShare) -> None:
    cast.sensor.delete()

    assert client.get(f"/s/{made.text}/").status_code == 404
    assert not Share.objects.exists()

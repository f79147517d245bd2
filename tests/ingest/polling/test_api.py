"""A poll is set up, changed and removed by the API as on its page."""

from typing import Any

import pytest

from sensorfusion.sensors.keys.encryption import decrypt
from sensorfusion.sensors.models import Poll
from tests.clients import client_of
from tests.conftest import Cast

POLL = {"url": "https://weather.example.org/now", "paths": "temperature = $.main.temp °C"}


def path(cast: Cast) -> str:
    return f"/api/v1/sensors/{cast.sensor.uuid}/poll/"


def test_a_poll_is_made_shown_and_removed(cast: Cast) -> None:
    client = client_of(cast.editor)

    assert client.get(path(cast)).status_code == 404
    made = client.put(path(cast), POLL)
    assert made.status_code == 200, made.content
    assert made.json() | POLL == made.json() == client.get(path(cast)).json()
    assert (made.json()["interval_s"], made.json()["is_on"], made.json()["trouble"]) == (60, True, "")
    assert client.delete(path(cast)).status_code == 204
    assert not Poll.objects.exists()


def test_headers_are_encrypted_never_shown_and_kept_for_their_origin(cast: Cast) -> None:
    client, secret = client_of(cast.editor), "X-API-Key: 0123abc"
    made = client.put(path(cast), {**POLL, "headers": secret})

    changed = client.put(path(cast), {**POLL, "url": "https://weather.example.org/later"})
    assert "0123abc" not in made.text + changed.text
    assert changed.json()["has_headers"]
    assert decrypt(Poll.objects.get().headers) == secret
    assert not client.put(path(cast), {**POLL, "url": "https://evil.example.org/"}).json()["has_headers"]
    client.put(path(cast), {**POLL, "headers": secret})
    assert not client.put(path(cast), {**POLL, "headers": ""}).json()["has_headers"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "ftp://weather.example.org/"}, "url"),
        ({"paths": "temperature"}, "paths"),
        ({"time_path": "$["}, "time_path"),
        ({"headers": "no colon"}, "headers"),
        ({"interval_s": 1}, "interval_s"),
        ({"is_on": "yes"}, "is_on"),
    ],
)
def test_what_the_page_refuses_is_refused_by_its_name(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    answer = client_of(cast.editor).put(path(cast), {**POLL, **wrong})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not Poll.objects.exists()


def test_a_poll_may_be_switched_off(cast: Cast) -> None:
    client_of(cast.editor).put(path(cast), {**POLL, "is_on": False})

    assert not Poll.objects.get().is_on


def test_viewers_neither_see_nor_change_it(cast: Cast) -> None:
    client_of(cast.editor).put(path(cast), POLL)
    viewer = client_of(cast.member)

    assert [viewer.get(path(cast)).status_code, viewer.put(path(cast), POLL).status_code] == [403, 403]
    assert viewer.delete(path(cast)).status_code == 403

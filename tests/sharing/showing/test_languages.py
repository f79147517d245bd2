"""The language of a part in another page, and of a socket."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from sensorfusion.sharing.services import make_share
from sensorfusion.sharing.showing.languages import language_of_socket
from tests.conftest import Cast
from tests.storing import store


@pytest.fixture
def path(cast: Cast) -> str:
    begun = datetime.now(UTC) - timedelta(minutes=30)
    store(cast.sensor, [(begun + timedelta(minutes=each), {"temperature": 12.5}) for each in range(30)])
    made = make_share(
        by=cast.owner, sensor=cast.sensor, name="Garden air", quantities=["temperature"], now=datetime.now(UTC)
    )
    return f"/s/{made.text}/"


@pytest.mark.parametrize(
    ("query", "accepted", "language", "number"),
    [
        ("?lang=de", "en", "de", "12,5"),
        ("", "de-AT, en;q=0.5", "de", "12,5"),
        ("?lang=en", "de", "en", "12.5"),
        ("?lang=xx", "de", "de", "12,5"),
    ],
)
def test_a_part_is_in_the_language_that_its_address_names_else_in_the_browsers(
    client: Client, path: str, query: str, accepted: str, language: str, number: str
) -> None:
    answer = client.get(f"{path}embed/card/{query}", headers={"Accept-Language": accepted})

    assert f'lang="{language}"' in answer.text
    assert f"<b>{number}</b>" in answer.text
    assert ("Letzte Messung" in answer.text) == (language == "de")
    assert answer["Content-Language"] == language


def test_pictures_in_two_languages_have_two_tags(client: Client, path: str) -> None:
    english, german = (client.get(f"{path}picture.svg", headers={"Accept-Language": each}) for each in ("en", "de"))

    assert "last 24 hours" in english.text
    assert "letzte 24 Stunden" in german.text
    assert english["ETag"] != german["ETag"]
    again = {"Accept-Language": "de", "If-None-Match": english["ETag"]}
    assert client.get(f"{path}picture.svg", headers=again).status_code == 200


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("units=us&lang=de", {b"accept-language": "en"}, "de"),
        ("lang=", {b"accept-language": "de-CH"}, "de"),
        ("", {b"cookie": "language=de", b"accept-language": "en"}, "de"),
        ("lang=xx", {}, "en"),
    ],
)
def test_a_socket_has_the_language_of_its_page_else_of_its_browser(
    query: str, headers: dict[bytes, str], language: str
) -> None:
    assert language_of_socket(query, headers) == language

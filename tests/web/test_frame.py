"""Names, places and ages in templates, and the error pages."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from sensorfusion.web.looks import inside
from sensorfusion.web.templatetags.frame import ago, icon, initials, latitude, longitude
from tests.conftest import Cast


@pytest.mark.parametrize(
    ("name", "short"),
    [("Ada Lovelace", "AL"), ("Ada King Lovelace", "AL"), ("ada@example.org", "A"), ("ada", "A"), ("", "")],
)
def test_a_name_is_shortened_to_its_first_and_last_letter(name: str, short: str) -> None:
    assert initials(name) == short


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (7_300, "2 h ago"), (200_000, "2 d ago")],
)
def test_an_age_is_written_in_one_unit(seconds: int, words: str) -> None:
    assert ago(timezone.now() - timedelta(seconds=seconds)).replace("\u00a0", " ") == words


def test_places_are_written_with_their_hemisphere() -> None:
    assert (latitude(-33.868), longitude(-0.1278)) == ("33.87° S", "0.13° W")


def test_an_icon_is_hidden_from_readers_of_the_page() -> None:
    assert 'aria-hidden="true"' in icon("sun")


def test_a_page_that_is_not_there_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    answer = client.get("/nothing/")

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_nothing_of_the_request(name: str) -> None:
    page = render_to_string(name)

    assert 'href="/"' in page
    assert "no data" in page


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_a_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "a@example.org", "password": "x"})

    assert answer.status_code == 403
    assert "The browser sent no cookie" in answer.content.decode()


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("Temperature", "temperature"),
        ("Dew point", "dew point"),
        ("CO₂", "CO₂"),
        ("UV index", "UV index"),
        ("pH", "pH"),
    ],
)
def test_a_label_inside_a_sentence_keeps_its_symbols(label: str, written: str) -> None:
    assert inside(label) == written

"""Rendering: text and HTML say the same, and nothing that people chose is markup, a link or a paragraph."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, absolute, home, one_line, render, shown_name

AT = datetime(2026, 11, 29, 11, 34, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("mail_settings")


def a_message(**changes: object) -> Message:
    given = {"kind": Kind.TEST, "subject": "Subject", "sentences": ("One.", "Two."), "link": ("Look", "/account/")}
    return Message(**{**given, **changes})  # type: ignore[arg-type]  # a test's defaults


def test_text_and_html_say_the_same() -> None:
    rendered = render(a_message(facts=(("From", "192.0.2.7"),), advice="Do nothing."), made_at=AT)

    for part in ("One.", "Two.", "192.0.2.7", "29 November 2026, 11:34 UTC", "Look", "Do nothing."):
        assert part in rendered.text
        assert part in rendered.html
    assert "https://sensors.example.org/account/\n" in rendered.text
    assert 'href="https://sensors.example.org/account/"' in rendered.html


def test_markup_is_text() -> None:
    evil = "<script>alert(1)</script>&"
    rendered = render(a_message(subject=evil, sentences=(evil,), facts=((evil, evil),), advice=evil), made_at=AT)

    assert "<script" not in rendered.html
    assert rendered.html.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;") == 6  # the subject is the title, too
    assert evil in rendered.text


def test_subject_is_one_line_of_limited_length() -> None:
    rendered = render(a_message(subject="a\r\nBcc: x@example.org " + "b" * 300), made_at=AT)

    assert rendered.subject.startswith("a Bcc: x@example.org b")
    assert len(rendered.subject) == 100
    assert rendered.subject.isprintable()


@pytest.mark.parametrize("name", ["evil.example", "http://evil", "Call ada@evil", "www.evil.org now", "a.b"])
def test_name_that_could_become_a_link_is_not_shown(name: str) -> None:
    assert shown_name(name, "a site") == "a site"


@pytest.mark.parametrize("name", ["Orchard", "St. Moritz", "Łąka 7", "No. 9, north"])
def test_other_names_are_shown_in_quotes(name: str) -> None:
    assert shown_name(name, "a site") == f"“{name}”"


def test_long_names_are_cut_and_secrets_redacted() -> None:
    assert len(one_line("x" * 500)) == 60
    assert one_line("sft_" + "a" * 40) == "sft_…"


def test_links_are_below_the_path_of_the_installation(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_PATH = "https://example.org/sf", "/sf"

    assert absolute("/sf/account/") == absolute("/account/") == "https://example.org/sf/account/"


def test_without_a_public_address_links_are_to_this_machine(settings: Settings) -> None:
    settings.PUBLIC_URL = ""

    assert home() == "http://localhost:8000"

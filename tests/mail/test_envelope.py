"""The e-mail of a queued message: its headers cannot be added to, whatever is in the row."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from sensorfusion.mail.envelope import Envelope, email_of
from sensorfusion.mail.message import Attachment

AT = datetime(2026, 11, 29, 11, 34, 5, tzinfo=UTC)


def made(*, to: str = "ada@example.org", subject: str = "Subject") -> Envelope:
    return Envelope(7, to, subject, "text", "<p>html</p>", AT)


def test_headers_say_who_when_and_that_no_person_wrote() -> None:
    email = email_of(made(), sender="Weather <sensors@example.org>")

    assert email["Date"] == "Sun, 29 Nov 2026 11:34:05 +0000"
    assert email["Message-ID"] == "<7.20261129113405000000@example.org>"
    assert email["Auto-Submitted"] == "auto-generated"


def test_message_that_is_sent_again_has_the_same_id() -> None:
    one, other = (email_of(made(), sender="sensors@example.org") for _ in range(2))

    assert one["Message-ID"] == other["Message-ID"]


@pytest.mark.parametrize(
    "wrong",
    [
        made(subject="Hello\r\nBcc: all@example.org"),
        made(subject="Hello\nBcc: all@example.org"),
        made(to="ada@example.org\r\nBcc: all@example.org"),
        made(to="ada@example.org\nBcc: all@example.org"),
        replace(made(), stop="https://a.example.org/\r\nBcc: all@example.org"),
    ],
)
def test_line_break_in_a_header_is_refused(wrong: Envelope) -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed|carriage|invalid"):
        email_of(wrong, sender="sensors@example.org")


def test_second_recipient_cannot_be_added() -> None:
    email = email_of(made(to="ada@example.org"), sender="sensors@example.org")

    assert [each.addr_spec for each in email["To"].addresses] == ["ada@example.org"]
    assert email["Bcc"] is None


def test_link_to_unsubscribe_stands_in_its_header_whole() -> None:
    stop = f"https://sensors.example.org/account/reports/end/{'a' * 32}:{'B' * 43}/"
    email = email_of(replace(made(subject="°" * 90), stop=stop), sender="sensors@example.org")

    lines = email.as_bytes().split(b"\r\n")
    assert f"List-Unsubscribe: <{stop}>".encode() in lines
    assert f"List-Unsubscribe: <{stop}>\r\n" in email.as_string()
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert all(len(line) < 80 for line in lines if not line.startswith(b"List-Unsubscribe:"))


def test_other_messages_have_no_link_to_unsubscribe() -> None:
    assert email_of(made(), sender="sensors@example.org")["List-Unsubscribe"] is None


def test_picture_in_the_html_becomes_a_part_beside_it() -> None:
    html = '<img src="data:image/png;base64,aGVsbG8=" alt="One"> <img src="data:image/png;base64,d29ybGQ=" alt="Two">'

    email = email_of(replace(made(), html=html), sender="sensors@example.org")

    related = email.get_body(("related",))
    assert isinstance(related, EmailMessage)
    page, *pictures = related.iter_parts()
    assert [each.get_content() for each in pictures] == [b"hello", b"world"]
    for each in pictures:
        assert f'"cid:{each["Content-ID"].strip("<>")}"' in page.get_content()
    assert "data:" not in page.get_content()


def test_a_file_comes_beside_the_text_and_the_html() -> None:
    file = Attachment("report-2026-10.pdf", b"%PDF-\x00\xff")

    email = email_of(replace(made(), attachment=file), sender="sensors@example.org")

    [part] = list(email.iter_attachments())
    assert isinstance(part, EmailMessage)
    assert (part.get_filename(), part.get_content_type()) == ("report-2026-10.pdf", "application/pdf")
    assert part.get_content() == b"%PDF-\x00\xff"
    body = email.get_body(("plain",))
    assert body
    assert body.get_content() == "text\n"
    assert "%PDF" not in repr(file)

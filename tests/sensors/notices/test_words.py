"""What is said of notices."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.domain.errors import ERRORS, NOTES
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.sensors.notices.words import advice, headline, heard_of, told

NOW = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
CLOCK = Notice(code="clock_ahead", subject="observed_at", detail="The device's clock is 9 hours ahead. Set it.")
EM = Notice(code="not_understood", subject="em:0", detail="The component em:0 is not understood.")
WRONG = Notice(code="out_of_range", subject="temperature", detail="900 is above 100")


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (CLOCK, "Readings arrive, but the device's clock is 9 hours ahead"),
        (EM, "Messages arrive, but no reading can be made of them"),
        (WRONG, "Readings arrive, but they are refused"),
    ],
)
def test_the_headline_says_what_arrives(notice: Notice, words: str) -> None:
    assert headline(notice.code, notice.detail) == words


def test_a_clock_that_is_ahead_explains_the_others() -> None:
    for notices in ([EM, CLOCK], [CLOCK, EM]):
        heard = heard_of(notices)
        assert heard
        assert heard.code == "clock_ahead"


def test_without_notices_nothing_is_heard() -> None:
    assert heard_of([]) is None


@pytest.mark.parametrize("code", ERRORS)
def test_a_refusal_says_what_to_do_and_a_note_says_it_itself(code: str) -> None:
    assert advice(code) == ("" if code in NOTES | {"unknown_sensor"} else ERRORS[code].message)


def test_a_code_of_a_newer_process_is_no_error() -> None:
    assert advice("of_tomorrow") == ""


@pytest.mark.parametrize(
    ("at", "when"),
    [
        (datetime(2026, 11, 22, 11, 5, tzinfo=UTC), "12:05"),
        (datetime(2026, 11, 21, 22, 5, tzinfo=UTC), "21 Nov, 23:05"),
    ],
)
def test_times_are_those_of_the_site(at: datetime, when: str) -> None:
    notice = Notice(code="out_of_range", subject="temperature", detail="900", count=1200, last_at=at)

    [shown] = told([notice], zone=ZoneInfo("Europe/Warsaw"), now=NOW)

    assert shown.when == when
    assert shown.times == "1,200 times"
    assert shown.title == "temperature"


@pytest.mark.parametrize(("code", "title"), [("clock_ahead", "The clock"), ("unreadable", "The message")])
def test_what_has_no_name_is_named(code: str, title: str) -> None:
    notice = Notice(code=code, subject="", detail="", count=1, last_at=NOW)

    [shown] = told([notice], zone=ZoneInfo("UTC"), now=NOW)

    assert (shown.title, shown.times) == (title, "once")

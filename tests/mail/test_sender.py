"""The sender: each message at least once, attempts and rates bounded, and nothing sent that is no longer of use."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import psycopg
import pytest

from sensorfusion.accounts.mailing import messages
from sensorfusion.events.postgres import conninfo
from sensorfusion.mail import sender
from sensorfusion.mail.delivery import delivery
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.mail.sender import PAUSES_S, PER_HOUR, WAITS, Composed, SendMail
from sensorfusion.mail.smtp import NotDelivered
from tests.clients import NOW
from tests.mail.mail_server import MailServer, text_of
from tests.mail.test_outbox import a_row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_settings")]


class Post:
    """A sender with a clock that is set, and a mail server that fails as it is told to."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.now: datetime = NOW
        self.seconds = 0.0
        self.failures: list[Exception] = []
        self.emails: list[EmailMessage] = []
        self.composed: Composed | None = None
        self.asked: list[tuple[str, str]] = []
        self.chore = SendMail(
            self._deliver,
            sender="sensors@example.org",
            composers={Kind.PASSWORD_RESET: self._compose},
            now=lambda: self.now,
            clock=lambda: self.seconds,
        )

    def run(self, times: int = 1) -> list[bool]:
        return [self.chore.run(self.connection) for _ in range(times)]

    def later(self, by: timedelta) -> None:
        self.now += by
        self.seconds += by.total_seconds()

    def _deliver(self, email: EmailMessage) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.emails.append(email)

    def _compose(self, to: str, about: str) -> Composed | None:
        self.asked.append((to, about))
        return self.composed


@pytest.fixture
def post() -> Iterator[Post]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        yield Post(connection)


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def test_waiting_messages_are_sent_once_in_their_order(post: Post) -> None:
    for number in range(3):
        a_row(subject=f"S{number}", next_attempt_at=NOW - timedelta(minutes=3 - number))

    assert post.run(4) == [True, True, True, False]

    assert [email["Subject"] for email in post.emails] == ["S0", "S1", "S2"]
    assert {row.state for row in OutboxMessage.objects.all()} == {"sent"}


def test_text_of_a_sent_message_is_not_kept(post: Post) -> None:
    a_row()

    post.run()

    assert (only().text, only().html, only().sent_at) == ("", "", NOW)


def test_failed_attempts_back_off_and_end(post: Post) -> None:
    a_row(expires_at=NOW + timedelta(days=9))
    post.failures = [NotDelivered("try later")] * 99
    waits = []
    while only().given_up_at is None:
        post.run()
        waits.append(only().next_attempt_at - post.now)
        post.later(waits[-1])

    assert tuple(waits) == WAITS
    assert (only().attempts, only().last_error) == (len(WAITS), "try later")
    assert post.emails == []
    assert sum(waits[:-1], timedelta()) < timedelta(days=1)


def test_final_refusal_ends_the_attempts(post: Post) -> None:
    a_row()
    post.failures = [NotDelivered("The address is refused: 550 nobody here", is_final=True)]

    post.run(2)

    assert (only().state, only().attempts) == ("given up", 1)
    assert only().last_error == "The address is refused: 550 nobody here"


def test_attempt_is_counted_before_it_is_made(post: Post) -> None:
    a_row()
    post.failures = [SystemExit(9)]  # type: ignore[list-item]  # as if the process was killed

    with pytest.raises(SystemExit):
        post.run()

    assert (only().state, only().attempts) == ("waiting", 1)
    post.run()
    assert post.emails == []
    post.later(WAITS[0])
    post.run()
    assert len(post.emails) == 1


def test_message_that_always_kills_the_process_is_given_up(post: Post) -> None:
    a_row(attempts=len(WAITS))

    post.run()

    assert (only().state, post.emails) == ("given up", [])


def test_server_that_fails_makes_all_messages_wait(post: Post) -> None:
    a_row()
    a_row()
    post.failures = [NotDelivered("no answer", is_server=True)] * 2

    assert post.run(2) == [False, False]
    assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == [0, 1]

    post.later(timedelta(seconds=PAUSES_S[0]))
    post.run()
    post.later(timedelta(seconds=PAUSES_S[0]))
    post.run()
    assert sorted(OutboxMessage.objects.values_list("attempts", flat=True)) == [1, 1]

    post.later(timedelta(minutes=5))
    post.run(3)
    assert len(post.emails) == 2


def test_messages_to_an_address_are_limited_per_hour_and_others_are_not_held_up(post: Post) -> None:
    for _ in range(PER_HOUR + 2):
        a_row(expires_at=NOW + timedelta(days=1))
    a_row(recipient="bob@example.org", recipient_key="bob@example.org", next_attempt_at=NOW)

    post.run(PER_HOUR + 5)
    assert len(post.emails) == PER_HOUR + 1

    post.later(timedelta(hours=1, seconds=1))
    post.run(5)
    assert len(post.emails) == PER_HOUR + 3


def test_reports_delay_no_other_message(post: Post) -> None:
    for number in range(PER_HOUR + 2):
        a_row(kind=Kind.REPORT, subject=f"Report {number}", expires_at=NOW + timedelta(days=1))
    post.run(2)
    a_row(subject="A new sign-in", next_attempt_at=NOW + timedelta(seconds=9))
    post.later(timedelta(seconds=9))

    post.run(PER_HOUR)
    a_row(subject="Another sign-in", next_attempt_at=NOW)
    post.run(2)

    subjects = [email["Subject"] for email in post.emails]
    assert (subjects[2], subjects[-1]) == ("A new sign-in", "Another sign-in")
    assert len(subjects) == PER_HOUR + 2


def test_message_that_came_too_late_is_given_up(post: Post) -> None:
    a_row(expires_at=NOW)

    post.run()

    assert (only().state, only().last_error, post.emails) == ("given up", "It could not be sent in time.", [])


def test_message_with_a_secret_is_composed_when_it_is_sent(post: Post) -> None:
    a_row(kind=Kind.PASSWORD_RESET, text="", html="", about="192.0.2.7")
    link = messages.password_reset(path="/sign-in/new-password/MQ/secret/", asked_from="192.0.2.7")
    post.composed = Composed("account@example.org", link)

    post.run()

    assert post.asked == [("ada@example.org", "192.0.2.7")]
    [email] = post.emails
    assert email["To"] == "account@example.org"
    assert "https://sensors.example.org/sign-in/new-password/MQ/secret/" in text_of(email)
    assert only().text == ""


def test_message_that_is_not_to_be_sent_leaves_no_row(post: Post) -> None:
    a_row(kind=Kind.PASSWORD_RESET, text="", html="")

    post.run()

    assert post.emails == []
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    "changed", [{"subject": "a\r\nBcc: all@example.org"}, {"recipient": "a@b.org\r\nBcc: c@d.org"}]
)
def test_row_with_a_line_break_in_a_header_is_given_up(post: Post, changed: dict[str, str]) -> None:
    a_row(**changed)

    post.run()

    assert (only().state, post.emails) == ("given up", [])


def test_row_that_another_process_holds_is_left_to_it(post: Post) -> None:
    a_row()
    with psycopg.connect(conninfo()) as other:
        other.execute("SELECT 1 FROM mail_outbox FOR UPDATE")
        assert post.run() == [False]

    assert post.emails == []


@pytest.mark.sockets
def test_message_reaches_a_real_server(post: Post, mail_server: MailServer) -> None:
    a_row(subject="Grüße")
    real = SendMail(delivery(mail_server.url), sender="sensors@example.org", composers={}, now=lambda: NOW)

    assert real.run(post.connection)

    [email] = mail_server.emails
    assert (email["Subject"], email["To"]) == ("Grüße", "ada@example.org")
    assert sender.ATTEMPTS.values[("sent",)] >= 1

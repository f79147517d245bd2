"""The sender: takes messages from the outbox one by one and hands them to the mail server, at least once each.

It runs in a thread of its own, in the one process that holds the advisory lock (`server/process.py`). An attempt is
counted, and the next one planned, before it is made: a message that ends the process is not tried for ever, and what
was accepted by the mail server just before the process died is sent a second time, with the same Message-ID.

Attempts back off for a day. If the mail server itself fails, all others wait, too.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, Final

import psycopg
from psycopg.rows import namedtuple_row

from sensorfusion.clock import Clock
from sensorfusion.events.metrics import Counter
from sensorfusion.mail.envelope import Envelope, email_of
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, render
from sensorfusion.mail.smtp import NotDelivered

LOCK: Final = 0x5E50_0013  # the advisory lock's key; see readings/storage/chores.py for the others
LOOK_EVERY_S: Final = 2.0
PER_HOUR: Final = 30  # messages to one address; others wait. Reports, which come many at once, delay only reports
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# After each attempt, the time until the next one; none follows the last.
WAITS: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, HOUR)
PAUSES_S: Final = (10.0, 30.0, 60.0, 300.0)  # of all messages, while the mail server fails

_CLAIM: Final = """
UPDATE mail_outbox SET attempts = attempts + 1, next_attempt_at = %(now)s + (%(waits)s::interval[])[attempts + 1]
WHERE id = (
    SELECT id FROM mail_outbox waiting
    WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= %(now)s AND %(per_hour)s > (
        SELECT count(*) FROM mail_outbox sent
        WHERE sent.recipient_key = waiting.recipient_key AND sent.sent_at > %(now)s - interval '1 hour'
        AND (sent.kind = %(report)s) = (waiting.kind = %(report)s)
    )
    ORDER BY kind = %(report)s, next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id, kind, recipient, about, subject, text, html, attempts, created_at
"""
_EXPIRE: Final = """
UPDATE mail_outbox SET given_up_at = %(now)s,
    last_error = CASE WHEN last_error = '' THEN %(reason)s ELSE last_error END
WHERE sent_at IS NULL AND given_up_at IS NULL AND (expires_at <= %(now)s OR attempts >= %(most)s)
    AND next_attempt_at <= %(now)s
"""
_TOO_LATE: Final = "It could not be sent in time."
_SENT: Final = "UPDATE mail_outbox SET sent_at = %s, last_error = '', text = '', html = '' WHERE id = %s"
_TRIED: Final = "tries = tries || jsonb_build_array(jsonb_build_object('at', %(now)s, 'said', %(said)s::text))"
_FAILED: Final = f"UPDATE mail_outbox SET last_error = %(said)s::text, {_TRIED} WHERE id = %(id)s"
_GIVEN_UP: Final = (
    f"UPDATE mail_outbox SET last_error = %(said)s::text, given_up_at = %(now)s, {_TRIED} WHERE id = %(id)s"
)
_NOT_WANTED: Final = "DELETE FROM mail_outbox WHERE id = %s"

ATTEMPTS = Counter("sensorfusion_mail_attempts", "Attempts to deliver e-mail, by their outcome.", ["outcome"])

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """A message that was composed just before it is sent, and to whom it goes."""

    to: str
    message: Message


# Composes the messages that carry a secret: is given the recipient and `about`, and returns None if none is to be sent.
Composer = Callable[[str, str], Composed | None]
Deliver = Callable[[EmailMessage], None]


class SendMail:
    """Sends one message at each run; a chore for a runner of its own, because mail servers are slow."""

    name = "send mail"
    every_s = LOOK_EVERY_S

    def __init__(
        self,
        deliver: Deliver,
        *,
        sender: str,
        composers: Mapping[Kind, Composer],
        now: Clock,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deliver = deliver
        self._sender = sender
        self._composers = composers
        self._now = now
        self._clock = clock
        self._failures = 0
        self._paused_until = 0.0

    def run(self, connection: psycopg.Connection) -> bool:
        """Send a message that is due; return whether more may be."""
        if self._clock() < self._paused_until:
            return False
        given = {"now": self._now(), "waits": list(WAITS), "per_hour": PER_HOUR, "report": Kind.REPORT.value}
        connection.execute(_EXPIRE, {**given, "most": len(WAITS), "reason": _TOO_LATE})
        with connection.cursor(row_factory=namedtuple_row) as cursor:
            row = cursor.execute(_CLAIM, given).fetchone()
        if row is None:
            return False
        self._attempt(connection, row)
        return self._failures == 0

    def _attempt(self, connection: psycopg.Connection, row: Any) -> None:
        envelope = self._envelope(row)
        if envelope is None:
            connection.execute(_NOT_WANTED, [row.id])
            return
        try:
            self._deliver(email_of(envelope, sender=self._sender))
        except NotDelivered as error:
            self._failed(connection, row, error)
        except ValueError:  # of a header: the row was changed by hand
            self._failed(connection, row, NotDelivered("Its subject or its address cannot be sent.", is_final=True))
        else:
            self._failures = 0
            ATTEMPTS.add(1, "sent")
            connection.execute(_SENT, [self._now(), row.id])

    def _envelope(self, row: Any) -> Envelope | None:
        if row.text:
            return Envelope(row.id, row.recipient, row.subject, row.text, row.html, row.created_at)
        compose = self._composers.get(Kind(row.kind))
        composed = compose(row.recipient, row.about) if compose else None
        if composed is None:
            return None
        rendered = render(composed.message, made_at=row.created_at)
        said = rendered.subject, rendered.text, rendered.html
        return Envelope(row.id, composed.to, *said, row.created_at, rendered.stop, rendered.attachment)

    def _failed(self, connection: psycopg.Connection, row: Any, error: NotDelivered) -> None:
        ATTEMPTS.add(1, "failed")
        is_over = error.is_final or row.attempts >= len(WAITS)
        _log.warning("Message %d (%s) was not delivered%s: %s", row.id, row.kind, _then(is_over), error)
        given = {"said": str(error), "now": self._now(), "id": row.id}
        connection.execute(_GIVEN_UP if is_over else _FAILED, given)
        if error.is_server:
            self._paused_until = self._clock() + PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
            self._failures += 1


def _then(is_over: bool) -> str:
    return " and is given up" if is_over else ", and will be tried again"

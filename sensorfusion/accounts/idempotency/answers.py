"""Keeps answers of POSTs, and finds them again."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection

from sensorfusion.accounts.idempotency.models import KeptAnswer
from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.domain.refusals import Refusal

LIFE: Final = timedelta(days=1)
MOST: Final = 1_000  # of an operator; an answer has a few kB
_LOCK: Final = 0x5E50_0022  # with the key, the advisory lock's key; see readings/storage/chores.py for the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request with a key. Keys of two tokens, or of a token and a session, have nothing to do with each other."""

    operator: Operator
    token: ApiToken | None
    key: str
    request: bytes

    @property
    def key_digest(self) -> bytes:
        return hashlib.sha256(f"{self.token.pk if self.token else 'session'}:{self.key}".encode()).digest()

    @property
    def request_digest(self) -> bytes:
        return hashlib.sha256(self.request).digest()


class Answer(msgspec.Struct, frozen=True):
    """What is repeated of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer_of(*, sent: Sent, now: datetime) -> Answer | None:
    """Return the answer that a request had before, None if it is new; held until the transaction ends.

    :raises Refusal: `key_in_use`, `key_used_otherwise`, `too_many_keys`.
    """
    if not _takes_lock(sent):
        raise Refusal("key_in_use", retry_after_s=1)
    kept = KeptAnswer.objects.filter(operator=sent.operator, created_at__gt=now - LIFE)
    found = kept.filter(key_digest=sent.key_digest).first()
    if found is None:
        if kept.count() >= MOST:
            raise Refusal("too_many_keys", retry_after_s=3600)
        return None
    if bytes(found.request_digest) != sent.request_digest:
        raise Refusal("key_used_otherwise")
    return _opened(sent, found)


def keep(*, sent: Sent, answer: Answer, now: datetime) -> None:
    """Store the answer in the transaction of what the request did."""
    KeptAnswer.objects.update_or_create(
        operator=sent.operator,
        key_digest=sent.key_digest,
        defaults={
            "request_digest": sent.request_digest,
            "answer": _box(sent).encrypt(msgspec.msgpack.encode(answer)),
            "created_at": now,
        },
    )


def _opened(sent: Sent, found: KeptAnswer) -> Answer:
    try:
        return msgspec.msgpack.decode(_box(sent).decrypt(bytes(found.answer)), type=Answer)
    except InvalidToken:  # the server has another SECRET_KEY since then
        raise Refusal("key_used_otherwise") from None


def _box(sent: Sent) -> Fernet:
    # SECRET_KEY has other uses too, so this one derives its own key.
    secret = b"idempotency:" + settings.SECRET_KEY.encode() + b":" + sent.key.encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret).digest()))


def _takes_lock(sent: Sent) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, _number(sent)])
        return bool(cursor.fetchone()[0])


def _number(sent: Sent) -> int:
    # A lock that two keys share by chance costs one of them a retry.
    of_all = hashlib.sha256(b"%d:" % sent.operator.pk + sent.key_digest).digest()
    return int.from_bytes(of_all[:4], signed=True)

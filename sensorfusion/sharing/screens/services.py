"""Gives televisions codes, and a link for a code. The link is a share like any other, so one rule says what it shows.

A code has six of 28 characters: 480 million, of which at most 2,000 are open at a time. An operator may enter 20 wrong
ones an hour, so a guess in an hour meets an open one with a chance below 1 in 10,000, and then shows its own values on
a television of others, and nothing of theirs.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from sensorfusion.accounts.attempts import HOUR, MINUTE, PER_NETWORK, Limit, count_all, take_back
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.models import Grid, Screen
from sensorfusion.sharing.services import IssuedShare, make_share
from sensorfusion.sharing.tokens import copied, digest

ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, which make words; no 0 1 I L O, which look alike
CODE_LENGTH: Final = 6
LASTS: Final = timedelta(minutes=10)
OPEN_MOST: Final = 2_000
PER_OPERATOR: Final = 20  # wrong codes an hour


def make_secret() -> str:
    return secrets.token_urlsafe(30)


def show_code(*, secret: str, now: datetime) -> Screen:
    """Return the screen of a television's browser, with a new code unless it has one.

    :raises Refusal: `overloaded`, while too many codes are open.
    """
    known = Screen.objects.filter(digest=digest(secret), expires_at__gt=now).first()
    if known:
        return known
    Screen.objects.filter(share=None, expires_at__lte=now).delete()
    if Screen.objects.filter(share=None).count() >= OPEN_MOST:
        raise Refusal("overloaded", "Too many screens ask for a code. Try again in some minutes.")
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    Screen.objects.filter(digest=digest(secret)).update(
        digest=secrets.token_bytes(32)
    )  # its link stays, its secret ends
    return Screen.objects.create(digest=digest(secret), code=code, expires_at=now + LASTS)


def link_of(*, secret: str, now: datetime) -> str | None:
    """Return the token of the link that a television was given: empty while it waits, None if its code has ended."""
    found = Screen.objects.select_related("share").filter(digest=digest(secret), expires_at__gt=now).first()
    if found is None:
        return None
    return copied(seed=bytes(found.share.seed), stored=bytes(found.share.digest)) if found.share else ""


@transaction.atomic
def open_screen(
    *,
    by: Operator,
    code: str,
    sensor: Sensor,
    name: str,
    quantities: Sequence[str],
    grid: int = Grid.HIDDEN,
    expires_at: datetime | None = None,
    now: datetime,
) -> IssuedShare:
    """Make a link for the television that shows the code. `Tried` counts its codes.

    :raises Refusal: `bad_text` for an unknown code, and as `make_share`.
    """
    wanted = typed(code)
    asked = Screen.objects.select_for_update().filter(code=wanted, expires_at__gt=now).first() if wanted else None
    if asked is None:
        raise Refusal("bad_text", "No screen shows this code now. Enter the code that it shows.", field="code")
    made = make_share(by=by, sensor=sensor, name=name, quantities=quantities, grid=grid, expires_at=expires_at, now=now)
    asked.share, asked.code, asked.expires_at = made.share, "", now + LASTS
    asked.save()
    return made


class Tried:
    """Context manager that counts a code against guessing, and takes that back if it was right."""

    def __init__(self, *, by: Operator, address: str, now: datetime) -> None:
        network = network_of(address)
        limits = [
            Limit(f"network:{network}", PER_NETWORK, MINUTE),
            Limit(f"screen:{by.pk}", PER_OPERATOR, HOUR),
        ]
        self._counted = count_all(limits, now=now)

    def __enter__(self) -> None:
        if self._counted.wait_s:
            wait_s = self._counted.wait_s
            raise Refusal("too_fast", "Too many wrong codes. Try again later.", field="code", retry_after_s=wait_s)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            take_back(self._counted)


def typed(code: str) -> str:
    """Return a code as it is stored: people write it in small letters, and with the hyphen that they see."""
    return "".join(each for each in code.upper() if each.isalnum())


def written(code: str) -> str:
    """Write a code as it is read aloud: K7M-2FQ."""
    return f"{code[:3]}-{code[3:]}"

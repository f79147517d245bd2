"""Gives televisions codes, and a link or the page of a site for a code. Both are shared like others: one rule says what
they show.

A code has six of 28 characters: 480 million, of which at most 2,000 are open at a time. An operator may enter 20 wrong
ones an hour, so a guess in an hour meets an open one with a chance below 1 in 10,000, and then shows its own values on
a television of others, and nothing of theirs.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import require_open
from sensorfusion.accounts.attempts import HOUR, MINUTE, PER_NETWORK, Limit, count_all, take_back
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.sharing.models import Grid, Screen, SiteShare
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
        raise Refusal("overloaded", gettext("Too many screens ask for a code. Try again in some minutes."))
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    Screen.objects.filter(digest=digest(secret)).update(
        digest=secrets.token_bytes(32)
    )  # its link stays, its secret ends
    return Screen.objects.create(digest=digest(secret), code=code, expires_at=now + LASTS)


def screen_of(*, secret: str, now: datetime) -> Screen | None:
    """Return the screen of a television's browser, with what it was given; None if its code has ended."""
    found = Screen.objects.select_related("share", "page").filter(digest=digest(secret), expires_at__gt=now)
    return found.first()


def token_on(screen: Screen) -> str:
    """Return the token of what a screen was given, empty while it waits. A page has it also while it is public."""
    given = screen.share or screen.page
    return copied(seed=bytes(given.seed), stored=bytes(given.digest)) if given else ""


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
    asked = _waiting(code, now=now)
    made = make_share(by=by, sensor=sensor, name=name, quantities=quantities, grid=grid, expires_at=expires_at, now=now)
    asked.share, asked.code, asked.expires_at = made.share, "", now + LASTS
    asked.save()
    return made


@transaction.atomic
def open_page_on_screen(*, by: Operator, code: str, page: SiteShare, now: datetime) -> None:
    """Show the page of a site on the television that shows the code, until the page ends. `Tried` counts its codes.

    :raises Refusal: `bad_text` for an unknown code or a page with a password, `not_allowed` and `switched_off`.
    """
    require_editor(by=by, site=page.site)
    require_open(Feature.SHARING)
    if page.password:
        detail = gettext("A page with a password is not shown on a screen: it would ask for it every day.")
        raise Refusal("bad_text", detail)
    asked = _waiting(code, now=now)
    asked.page, asked.code, asked.expires_at = page, "", now + LASTS
    asked.save()
    record(Action.SHARE_CHANGED, by=by, site=page.site, subject=f"Page of the site, on a screen: {page.name}")


def _waiting(code: str, *, now: datetime) -> Screen:
    wanted = typed(code)
    found = Screen.objects.select_for_update().filter(code=wanted, expires_at__gt=now).first() if wanted else None
    if found is None:
        detail = gettext("No screen shows this code now. Enter the code that it shows.")
        raise Refusal("bad_text", detail, field="code")
    return found


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
            wait_s, detail = self._counted.wait_s, gettext("Too many wrong codes. Try again later.")
            raise Refusal("too_fast", detail, field="code", retry_after_s=wait_s)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            take_back(self._counted)


def typed(code: str) -> str:
    """Return a code as it is stored: people write it in small letters, and with the hyphen that they see."""
    return "".join(each for each in code.upper() if each.isalnum())


def written(code: str) -> str:
    """Write a code as it is read aloud: K7M-2FQ."""
    return f"{code[:3]}-{code[3:]}"

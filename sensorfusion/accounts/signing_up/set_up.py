"""The first administrator of a new installation, made on a page that asks for a code.

A start of the server on an installation without operators makes the code and prints it, so that another visitor who
opens the page first cannot take the installation. It is used once: the lock of its row puts concurrent tries in order.
"""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists

from sensorfusion.accounts.attempts import HOUR, Counted, Limit, count_all
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.secrets import digest
from sensorfusion.accounts.signing_up.models import SetUpCode
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.refusals import Refusal

PER_NETWORK: Final = 20  # wrong codes an hour
_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that look alike
_GROUPS, _OF = 3, 4  # 59 bits


@transaction.atomic
def new_code(*, now: datetime) -> str:
    """Return a code in place of the former one; empty if there is an operator, and so nothing to set up."""
    if Operator.objects.exists():
        SetUpCode.objects.all().delete()
        return ""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_OF)) for _ in range(_GROUPS))
    SetUpCode.objects.update_or_create(pk=1, defaults={"digest": digest(_plain(code)), "made_at": now})
    return code


def is_first() -> bool:
    """Return whether the first visitor is still to come."""
    return SetUpCode.objects.exclude(Exists(Operator.objects.all())).exists()


def is_open() -> bool:
    """Return whether the first administrator can be made; ordinary accounts that were made meanwhile do not matter."""
    administrators = Operator.objects.filter(is_staff=True, is_superuser=True)
    return SetUpCode.objects.exclude(Exists(administrators)).exists()


def count_code(*, address: str, now: datetime) -> Counted:
    """Count a try; `attempts.take_back` it if the code was right."""
    return count_all([Limit(f"set-up:network:{network_of(address)}", PER_NETWORK, HOUR)], now=now)


def take_code(code: str) -> None:
    """Use the code up; the caller makes the administrator in the same transaction.

    :raises Refusal: `set_up_already` or `wrong_code`.
    """
    found = SetUpCode.objects.select_for_update().first()
    if found is None or not is_open():
        raise Refusal("set_up_already")
    if not secrets.compare_digest(bytes(found.digest), digest(_plain(code))):
        raise Refusal("wrong_code", "That is not the code that the server printed when it started last.", field="code")
    found.delete()


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())

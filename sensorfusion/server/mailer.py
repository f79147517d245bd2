"""The sender of e-mail, with the runner that makes it run in one process at a time."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from django.db import connections

from sensorfusion.accounts.mailing.resets import compose_reset
from sensorfusion.clock import Clock
from sensorfusion.config.env import Environment
from sensorfusion.mail.delivery import delivery
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.sender import LOCK, Composed, Composer, SendMail
from sensorfusion.readings.storage.chores import Runner

COMPOSERS: Final[Mapping[Kind, Composer]] = {Kind.PASSWORD_RESET: compose_reset}


def mailer(environment: Environment, *, now: Clock) -> Runner | None:
    """Create the runner of one process; None if e-mail is not configured."""
    if not environment.email_url:
        return None
    composers = {kind: _releasing(compose) for kind, compose in COMPOSERS.items()}
    chore = SendMail(delivery(environment.email_url), sender=_sender(environment), composers=composers, now=now)
    return Runner([chore], lock=LOCK)


def _sender(environment: Environment) -> str:
    host = urlsplit(environment.public_url).hostname or "localhost"
    return environment.email_from or f"SensorFusion <sensorfusion@{f'[{host}]' if ':' in host else host}>"


def _releasing(compose: Composer) -> Composer:
    """Give the thread's connection of Django back to its pool after each message."""

    def composed(to: str, about: str) -> Composed | None:
        try:
            return compose(to, about)
        finally:
            connections.close_all()

    return composed

"""The sender of e-mail and what queues reports for it, with the runner that makes them run in one process at a time."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

import psycopg
from django.db import connections

from sensorfusion.accounts.addresses.changes import compose_link
from sensorfusion.accounts.addresses.links import Step
from sensorfusion.accounts.addresses.proof import compose_proof
from sensorfusion.accounts.mailing.resets import compose_reset
from sensorfusion.accounts.signing_up.invitations import compose_invitation
from sensorfusion.clock import Clock
from sensorfusion.config.env import Environment
from sensorfusion.documents.mailing.chores import QueueReports
from sensorfusion.documents.mailing.wording import compose_report
from sensorfusion.mail.delivery import delivery
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.sender import LOCK, Composed, Composer, SendMail
from sensorfusion.readings.storage.chores import Runner
from sensorfusion.sensors.signing_up.services import compose_confirmation


def composers(*, now: Clock) -> Mapping[Kind, Composer]:
    """Return what composes the kinds of messages that are not written before they are sent."""
    return {
        Kind.PASSWORD_RESET: compose_reset,
        Kind.ADDRESS_PROOF: compose_proof,
        Kind.ADDRESS_BEFORE: lambda to, about: compose_link(to, about, step=Step.BEFORE, now=now()),
        Kind.ADDRESS_AFTER: lambda to, about: compose_link(to, about, step=Step.AFTER, now=now()),
        Kind.SIGN_UP: lambda to, about: compose_confirmation(to, about, now=now()),
        Kind.SIGN_UP_INVITATION: lambda to, about: compose_invitation(to, about, now=now()),
        Kind.REPORT: partial(compose_report, now=now),
    }


def mailer(environment: Environment, *, now: Clock) -> Runner | None:
    """Create the runner of one process; None if e-mail is not configured."""
    if not environment.email_url:
        return None
    composing = {kind: _releasing(compose) for kind, compose in composers(now=now).items()}
    sends = SendMail(delivery(environment.email_url), sender=_sender(environment), composers=composing, now=now)
    return Runner([sends, _Reports(now)], lock=LOCK, now=now)


def _sender(environment: Environment) -> str:
    host = urlsplit(environment.public_url).hostname or "localhost"
    return environment.email_from or f"SensorFusion <sensorfusion@{f'[{host}]' if ':' in host else host}>"


class _Reports(QueueReports):
    """Gives the thread's connection of Django back to its pool after each look."""

    def run(self, connection: psycopg.Connection) -> bool:
        try:
            return super().run(connection)
        finally:
            connections.close_all()


def _releasing(compose: Composer) -> Composer:
    """Give the thread's connection of Django back to its pool after each message."""

    def composed(to: str, about: str) -> Composed | None:
        try:
            return compose(to, about)
        finally:
            connections.close_all()

    return composed

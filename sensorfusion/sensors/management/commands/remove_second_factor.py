"""Removes the second factors of an operator who has lost them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.signing_in.factors import remove_all
from sensorfusion.terminal.commands import ExplainedCommand

EXAMPLE = """\
example:
  sensorfusion remove_second_factor --email ada@example.org

Make sure that it is really they who ask. The password alone signs them in then, and they are told by e-mail.
"""


class Command(ExplainedCommand):
    help = "Remove the second factors of an operator who has lost them."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="address of the account")

    def handle(self, *, email: str, **_: Any) -> None:
        operator = operator_by_email(email)
        if operator is None:
            raise CommandError(f"There is no active account with the address {email}.")
        if not remove_all(operator):
            raise CommandError(f"{operator.email} has no second factor.")
        self.stdout.write(f"{operator.email} has no second factor any more; the password alone signs them in.")

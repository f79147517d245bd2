"""Sets a new password for an operator who has forgotten theirs."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.services import reset_password
from sensorfusion.sensors.management.commands.create_operator import ask_password
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.refusals import as_command_error

EXAMPLE = """\
example:
  printf %s "$PASSWORD" | sensorfusion set_password --email ada@example.org --password-stdin

All sessions and API tokens of the operator end. If e-mail is configured, the operator is told.
"""


class Command(ExplainedCommand):
    help = "Set a new password for an operator."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="address of the account")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *, email: str, password_stdin: bool, **_: Any) -> None:
        operator = operator_by_email(email)
        if operator is None:
            raise CommandError(f"There is no active account with the address {email}.")
        new = sys.stdin.readline().rstrip("\r\n") if password_stdin else ask_password()
        with as_command_error():
            reset_password(operator=operator, new=new)
        self.stdout.write(f"{operator.email} has a new password; all sessions and API tokens have ended.")

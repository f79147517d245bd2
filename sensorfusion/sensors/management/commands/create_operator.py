"""Creates an account and its first site."""

import json
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from sensorfusion.sensors.services import register
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.refusals import as_command_error

EXAMPLE = """\
example:
  printf %s "$PASSWORD" | sensorfusion create_operator --email ada@example.org --name Ada --password-stdin

Prints {"id": …, "email": …, "site": …}: the public ids of the operator and of the first site.
"""


class Command(ExplainedCommand):
    help = "Create an account and its first site."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="address to sign in with")
        parser.add_argument("--name", default="", help="the name that others see (default: the address)")
        parser.add_argument("--time-zone", default="UTC", help="of the first site, as Europe/Warsaw (default: UTC)")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--admin", action="store_true", help="may use the admin, with all permissions")

    def handle(self, *, email: str, name: str, time_zone: str, password_stdin: bool, admin: bool, **_: Any) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ask_password()
        with as_command_error():
            operator, site = register(
                email=email, password=password, name=name, time_zone=time_zone, is_admin=admin, now=timezone.now()
            )
        made = {"id": str(operator.uuid), "email": operator.email, "site": str(site.uuid)}
        self.stdout.write(json.dumps(made, ensure_ascii=False))


def ask_password() -> str:
    """Ask twice at the terminal, without showing it."""
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password. Pipe it in and add --password-stdin.")
    password = getpass("Password: ")
    if password != getpass("Password (again): "):
        raise CommandError("The passwords differ. Nothing was changed.")
    return password

"""Registers a sensor and prints its key."""

import json
from argparse import ArgumentParser
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.domain.fields import declared
from sensorfusion.sensors.fields import SensorDetails
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import editable_sites, home_sites
from sensorfusion.sensors.services import add_sensor, create_site, first_site
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.options import add_option
from sensorfusion.terminal.refusals import as_command_error

EXAMPLE = """\
example:
  sensorfusion add_sensor --operator ada@example.org --name "Roof station" --site Orchard --model "WS-2902"

Prints {"id": …, "key": "sf_…", "site": …}. The key is stored only as a hash: keep it, it is not shown again.
"""
OPTIONS = {name: field for name, field in declared(SensorDetails).items() if field.option}


class Command(ExplainedCommand):
    help = "Register a sensor and print its key."
    epilog = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--operator", required=True, help="e-mail address of an owner or editor of the site")
        add_option(parser, Sensor, "name", OPTIONS["name"], required=True)
        parser.add_argument(
            "--site",
            help="id, or name of one that the operator owns; created if there is none (default: the oldest of these)",
        )
        for name, field in OPTIONS.items():
            if name != "name":
                add_option(parser, Sensor, name, field)

    def handle(self, *, operator: str, site: str | None, **options: Any) -> None:
        details = SensorDetails(**{name: options[name] for name in OPTIONS})  # type: ignore[typeddict-item]
        now = timezone.now()
        with as_command_error(), transaction.atomic():
            who = operator_by_email(operator)
            if who is None:
                raise CommandError(f"There is no operator {operator}. Create one with create_operator.")
            issued = add_sensor(by=who, site=_site(who, site, now), now=now, **details)
        made = {"id": str(issued.sensor.uuid), "key": issued.text, "site": str(issued.sensor.site.uuid)}
        self.stdout.write(json.dumps(made))


def _site(operator: Operator, wanted: str | None, now: datetime) -> Site:
    if wanted is None:
        return first_site(by=operator, now=now)
    sites = editable_sites(operator)
    with suppress(ValueError):
        site = sites.filter(uuid=UUID(wanted)).first()
        if site is None:
            raise CommandError(f"{operator.email} has no site {wanted} to add a sensor to.")
        return site
    return home_sites(operator).filter(name=wanted).first() or create_site(by=operator, now=now, name=wanted)

"""Implements `simulate --history`: its options, the sensors it creates, and its report."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from django.core.management.base import CommandError
from django.db import transaction

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.services import make_operator
from sensorfusion.demo.bulk_history import Plan, load, roll_up, sizes
from sensorfusion.demo.synthetic_weather import DAY_S, FORMATS
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.postgres import conninfo
from sensorfusion.sensors.keys.secrets import make_key
from sensorfusion.sensors.models import Transport
from sensorfusion.sensors.queries import visible_sites
from sensorfusion.sensors.services import add_sensor, create_site
from sensorfusion.terminal.progress import progress

EMAIL: Final = "history@sensorfusion.local"
SITE: Final = "Simulated history"
NOTICE: Final = "Simulated: these readings are synthetic."
MOST_SENSORS: Final = 1_000

Say = Callable[[str], Any]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of --history."""
    group = parser.add_argument_group("a history instead")
    group.add_argument("--history", action="store_true", help="create a site with sensors and years of readings")
    group.add_argument(
        "--quantities",
        type=_between(1, len(FORMATS)),
        default=10,
        metavar="N",
        help=f"values in each reading, at most {len(FORMATS)} (default: 10)",
    )
    group.add_argument("--years", type=_years, default=1.0, metavar="Y", help="how far back (default: 1)")
    group.add_argument("--until", type=_instant, metavar="TIME", help="end of the history, RFC 3339 (default: now)")
    group.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the weather (default: 1)")
    group.add_argument(
        "--operator", default="", metavar="EMAIL", help=f"owner of the site (default: a new account {EMAIL})"
    )
    group.add_argument("--site", default=SITE, metavar="NAME", help=f"name of the new site (default: {SITE})")


def run(
    say: Say,
    *,
    every_s: float,
    sensors: list[str],
    quantities: int,
    years: float,
    until: datetime | None,
    now: datetime,
    seed: int,
    operator: str,
    site: str,
    **_: object,
) -> None:
    """Create the site, load its history, and report the speed and the size on disk.

    :raises CommandError: it cannot be created.
    """
    end = (until or now).replace(second=0, microsecond=0)
    count, step_s = _count(sensors), _dividing(every_s)
    ids = _make_sensors(say, operator, site, count, now=now)
    plan = Plan(ids, end - timedelta(days=years * 365), end, every_s=step_s, quantities=quantities, seed=seed)
    with psycopg.connect(conninfo(), autocommit=True) as link:
        before = sizes(link)
        began = time.monotonic()
        with progress("Storing", total=plan.rows) as step:
            rows = load(link, plan, step=step)
        say(f"{rows:,} readings stored {_pace(rows, time.monotonic() - began)}")
        began = time.monotonic()
        with progress("Rolling up", total=1000, unit="hours") as step:
            roll_up(link, now=plan.end, step=step)
        say(f"rolled up {_pace(rows, time.monotonic() - began)}")
        after = sizes(link)
    say("bytes on disk for each reading:")
    for (part, size), (_part, old) in zip(after.of_each(rows), before.of_each(rows), strict=True):
        say(f"  {part:<13}{size - old:7.1f}")


def _pace(rows: int, seconds: float) -> str:
    return f"in {seconds:.1f} s ({rows / max(seconds, 1e-3):,.0f} rows/s)"


@transaction.atomic
def _make_sensors(say: Say, email: str, name: str, count: int, *, now: datetime) -> list[int]:
    owner = _operator(say, email, now=now)
    if visible_sites(owner).filter(name=name).exists():
        raise CommandError(f"{owner.email} has a site {name!r} already. Give the new one another name with --site.")
    try:
        made = create_site(
            by=owner, now=now, name=name, notice=NOTICE, time_zone="Europe/Warsaw", latitude=52.24, longitude=21.01
        )
        width = len(str(count))
        issued = [
            add_sensor(by=owner, site=made, now=now, name=f"Station {n:0{width}}", transport=Transport.FILE)
            for n in range(1, count + 1)
        ]
    except Refusal as refusal:
        raise CommandError(refusal.detail) from refusal
    return [each.sensor.pk for each in issued]


def _operator(say: Say, email: str, *, now: datetime) -> Operator:
    found = operator_by_email(email or EMAIL)
    if found:
        return found
    if email:
        raise CommandError(f"There is no account with the address {email}. create_operator makes one.")
    password = make_key()[1]
    say(f"Sign in as {EMAIL} with the password {password}")
    return make_operator(email=EMAIL, password=password, name="History", now=now)


def _count(sensors: list[str]) -> int:
    if not sensors:
        return 20
    if len(sensors) == 1 and sensors[0].isdecimal() and 1 <= int(sensors[0]) <= MOST_SENSORS:
        return int(sensors[0])
    raise CommandError(f"With --history give the number of sensors, as --sensors 20; {MOST_SENSORS} at most.")


def _dividing(every_s: float) -> int:
    if every_s == int(every_s) and DAY_S % int(every_s) == 0:
        return int(every_s)
    raise CommandError(f"With --history --every must divide a day of {DAY_S} seconds: 1, 10, 60, 300 …")


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if text.isdecimal() and least <= int(text) <= most:
            return int(text)
        raise ArgumentTypeError(f"give a number from {least} to {most}")

    return number


def _years(text: str) -> float:
    try:
        years = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number of years") from None
    if not 0 < years <= 20:
        raise ArgumentTypeError("give more than 0 and at most 20 years")
    return years


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a time such as 2026-11-22T06:00:00Z") from None
    if instant.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no time zone: add Z")
    return instant.astimezone(UTC)

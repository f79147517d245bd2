"""What a report says by e-mail: the summary, the main figures and a link, all from the report that the page shows.

The sender writes it when it sends it (`mail.sender.Composer`), so rights, address, units and figures are those of then.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext, gettext_noop, pgettext

from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.accounts.models import Operator
from sensorfusion.clock import Clock
from sensorfusion.documents.mailing.attached import attached
from sensorfusion.documents.mailing.due import with_last_day
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.documents.mailing.queries import subscription_by
from sensorfusion.documents.mailing.services import stop_token
from sensorfusion.documents.periods import Period
from sensorfusion.documents.states.choice import AnyReport, has_report, report_of
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, address_of, one_line, shown_name
from sensorfusion.mail.sender import Composed
from sensorfusion.reports.queries import Station, stations
from sensorfusion.web.languages import in_language_of
from sensorfusion.web.values.clock import Habits, read_by
from sensorfusion.web.values.display import NBSP

NOTHING_TOLD: Final = gettext_noop("Reports are about numbers and states, and the sensor has sent neither.")


def about(subscription: ReportSubscription, period: Period) -> str:
    """Return what the outbox knows of the message: the subscription and the last day."""
    return f"report {subscription.uuid} {period.last}"


def compose_report(to: str, told: str, *, now: Clock) -> Composed | None:
    """Write the report that `about` names; None if it is not wanted any more, or its reader may not see it."""
    _, uuid, last = told.split()
    subscription = subscription_by(UUID(uuid))
    if subscription is None or Kind.REPORT in muted_by(subscription.operator):
        return None
    period = with_last_day(Every(subscription.every), date.fromisoformat(last))
    (station,) = stations([subscription.sensor], now=now())
    operator = subscription.operator
    with in_language_of(operator), read_by(lambda: Habits(operator.clock, operator.week_begins)):
        message = _message(subscription, station, period, operator)
    if message.attachment and subscription_by(UUID(uuid)) is None:  # writing it takes seconds
        return None
    return Composed(operator.email, message)


def _message(subscription: ReportSubscription, station: Station, period: Period, reader: Operator) -> Message:
    sensor, site = station.sensor, station.sensor.site
    made = None
    if has_report(station, period):
        made = report_of(station, period, system=reader.shown_units, query={})
    told = made if made and made.figures.has_readings else None
    file, lacking = attached(station, told, reader) if told and subscription.with_pdf else (None, "")
    return Message(
        kind=Kind.REPORT,
        subject=f"{shown_name(sensor.name, gettext('Your sensor'))}: {period.title}",
        sentences=(made.prose if made else gettext(NOTHING_TOLD), *filter(None, [lacking])),
        facts=((gettext("Site"), shown_name(site.name, gettext("a site of yours"))), *(_figures(told) if told else ())),
        link=(gettext("Open the report"), f"{address_of('reports', sensor.uuid)}{period.address}/"),
        stop=address_of("report-mail-end", stop_token(subscription)),
        is_dated=False,
        attachment=file,
    )


def _figures(made: AnyReport) -> Iterator[tuple[str, str]]:
    """Yield the figures of the report's head: the main one, those below it, and how much was read."""
    yield one_line(made.lead.of(made.looks.label)), _with_unit(made.lead.number, made.lead.unit)
    for fact in made.facts:
        number = _with_unit(fact.number, fact.unit)
        yield one_line(fact.label), f"{number}, {fact.when}" if fact.when else number
    yield pgettext("share of readings", "Read"), made.coverage


def _with_unit(number: str, unit: str) -> str:
    return f"{number}{NBSP}{unit}" if unit else number

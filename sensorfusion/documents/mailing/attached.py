"""The PDF of a report that a message brings: the sections of the page, written by the child process.

It is written in the sender's thread, between two statements of the outbox: no transaction and no row lock is open. A
PDF that is not made in time is left out, and the message says so.
"""

import logging
from typing import Final

from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix
from django.utils.translation import gettext, gettext_noop

from sensorfusion.accounts.models import Operator, UnitSystem
from sensorfusion.documents.paper.printing import Size, has_pdf, printed
from sensorfusion.documents.paper.sheet import around_of, sheet
from sensorfusion.documents.states.choice import AnyReport
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.message import Attachment, home
from sensorfusion.reports.queries import Station

NOT_INSTALLED: Final = gettext_noop(
    "The PDF is missing: this server lacks sensorfusion[pdf]. The report's page can be printed."
)
NOT_MADE: Final = gettext_noop("The PDF is missing: it could not be written this time. The report's page has it.")
WAIT_S: Final = 20.0  # for PDFs that readers of pages wait for: other messages wait, too
WITHIN_S: Final = 30.0

_log = logging.getLogger(__name__)


def attached(station: Station, made: AnyReport, reader: Operator) -> tuple[Attachment | None, str]:
    """Return the report as a PDF; or None, and the sentence that says why it is missing."""
    if not has_pdf():
        return None, gettext(NOT_INSTALLED)
    name = f"report-{made.period.address.replace('/', '-')}.pdf"
    try:
        return Attachment(name, _printed(station, made, reader)), ""
    except Refusal as refusal:
        _log.warning("A report is mailed without its PDF: %s", refusal)
    except Exception:  # a fault of the document must not hold up the message
        _log.exception("A report is mailed without its PDF.")
    return None, gettext(NOT_MADE)


def _printed(station: Station, made: AnyReport, reader: Operator) -> bytes:
    size: Size = "letter" if reader.units == UnitSystem.US else "a4"  # no browser says its language
    base = f"{home().rstrip('/')}/"
    before = get_script_prefix()
    set_script_prefix(f"{settings.PUBLIC_PATH}/")  # threads have none, and links need that of PUBLIC_URL
    try:
        document = sheet(made, around_of(station, made.period), base=base, size=size)
    finally:
        set_script_prefix(before)
    return printed(document.html, base=base, size=size, wait_s=WAIT_S, within_s=WITHIN_S)

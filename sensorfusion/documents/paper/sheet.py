"""The document that is written as PDF: the sections of the report's page, for a size of paper."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext

from sensorfusion import __version__
from sensorfusion.documents.paper.printing import Size
from sensorfusion.documents.periods import DAY, Period
from sensorfusion.documents.states.choice import AnyReport
from sensorfusion.reports.notes import notes_of_span
from sensorfusion.reports.queries import Station

# Regions of readers who print on Letter (CLDR's supplemental data, measurement and paper size).
LETTER_REGIONS: Final = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
_MADE: Final = "\N{REPLACEMENT CHARACTER}"  # stands for when it was made, which is no part of the ETag


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document, and the ETag of what it says."""

    html: str
    etag: str


def sheet(report: AnyReport, around: dict[str, Any], *, base: str, size: Size) -> Sheet:
    """Write the document of a report; `around` is what its page shows besides."""
    context = {**around, "report": replace(report, made=_MADE), "page_words": _page_words()}
    said = render_to_string("documents/paper.html", context)
    digest = sha256(repr((__version__, base, size, said)).encode()).hexdigest()[:32]
    return Sheet(said.replace(_MADE, report.made), f'"{digest}"')


def _page_words() -> tuple[str, str, str]:
    """Return what stands before, between and after the number of a page and that of pages."""
    before, _, rest = gettext("Page {page} of {pages}").partition("{page}")
    between, _, after = rest.partition("{pages}")
    return before, between, after


def around_of(station: Station, period: Period) -> dict[str, Any]:
    """Return what a report shows of its sensor besides the figures."""
    begin = station.calendar.begin
    noted = notes_of_span(station, begin(period.first), begin(period.last + DAY))
    return {"station": station, "sensor": station.sensor, "noted": noted}


def size_of(request: HttpRequest) -> Size:
    """Return the size that the address names, else that of the region of the reader's first language."""
    if (named := request.GET.get("paper", "")) in ("a4", "letter"):
        return "letter" if named == "letter" else "a4"
    first = request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip()
    return "letter" if first.rpartition("-")[2].upper() in LETTER_REGIONS and "-" in first else "a4"

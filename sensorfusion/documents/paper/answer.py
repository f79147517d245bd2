"""The response that has a report as PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.documents.paper.printing import NOT_INSTALLED, has_pdf, printed_for
from sensorfusion.documents.paper.sheet import sheet, size_of
from sensorfusion.documents.states.choice import AnyReport
from sensorfusion.domain.refusals import Refusal


def pdf(request: HttpRequest, report: AnyReport, around: dict[str, Any]) -> HttpResponse:
    """Write a report as PDF; a reader who has the same one gets 304 without it being written."""
    assert isinstance(request.user, Operator)  # login_required
    base, size = request.build_absolute_uri("/"), size_of(request)
    made = sheet(report, around, base=base, size=size)
    response = HttpResponse(content_type="application/pdf")
    answer: HttpResponse = get_conditional_response(request, etag=made.etag, response=response) or response
    if answer.status_code == 200:
        try:
            answer.content = printed_for(request.user.pk, made.html, base=base, size=size)
        except Refusal as refusal:
            return _refused(refusal)
        name = f"report-{report.period.address.replace('/', '-')}.pdf"
        answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["ETag"], answer["Cache-Control"] = made.etag, "private, no-cache"
    return answer


def missing() -> HttpResponse | None:
    """Return the response that says what to install; None if PDF can be written."""
    return None if has_pdf() else _text(gettext(NOT_INSTALLED), 501)


def _refused(refusal: Refusal) -> HttpResponse:
    response = _text(str(refusal), refusal.status)
    if refusal.retry_after_s:
        response["Retry-After"] = str(refusal.retry_after_s)
    return response


def _text(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")

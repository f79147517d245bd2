"""The endpoint that returns the archive of one's own account."""

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.limits import require_whole
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.schema import answers
from sensorfusion.readings.export.account_archive import CONTENT_TYPE, AccountArchive
from sensorfusion.readings.export.api import AsAsked, attachment


class OwnArchive(APIView):
    """Everything that is stored about the operator."""

    administered = ("GET",)
    content_negotiation_class = AsAsked

    @extend_schema(
        operation_id="auth_me_archive",
        summary="Everything stored about me, as a file",
        description="A ZIP with each table that has rows about the operator, as JSON and CSV, without secrets.",
        responses=answers({(200, CONTENT_TYPE): OpenApiResponse(OpenApiTypes.BINARY)}, 401, 403, 429),
        tags=["auth"],
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        operator = operator_of(request)
        require_whole(operator)
        return archive_of(operator)


@transaction.atomic
def archive_of(operator: Operator) -> StreamingHttpResponse:
    """Return the archive as a response, and record that it was made.

    :raises Refusal: `one_at_a_time` or `overloaded`.
    """
    record(Action.ACCOUNT_EXPORTED, by=operator)
    archive = AccountArchive(operator, now=timezone.now())
    return attachment(archive.chunks(), by=operator.pk, name="account.zip", content=CONTENT_TYPE)

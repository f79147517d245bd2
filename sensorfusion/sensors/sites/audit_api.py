"""The API of a site's audit log, for its owners."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from sensorfusion.accounts.audit.api import AuditEntrySerializer, AuditLog
from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.audit.queries import entries_of_site
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors.sites.invitations_api import own_site


class SiteAuditLog(AuditLog):
    """What was done at a site."""

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return entries_of_site(own_site(self.request, self.kwargs["uuid"]), now=timezone.now())

    @extend_schema(
        operation_id="site_audit",
        summary="List what was done at a site",
        description="For owners. The newest first, kept for a year: changes of members, keys, sensors, and exports.",
        responses=answers({200: AuditEntrySerializer(many=True)}, 400, 401, 403, 404),
        tags=["sites"],
    )
    def get(self, request: Request, uuid: UUID, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, uuid, *args, **kwargs)

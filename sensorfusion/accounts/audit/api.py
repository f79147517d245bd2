"""The API of the audit log of one's own account; `sensors.sites.audit_api` has that of a site."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sensorfusion.accounts.audit.filters import AuditFilter
from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.audit.queries import entries_of
from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.limits import require_whole
from sensorfusion.accounts.schema import answers


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """One action that changed rights or secrets."""

    by = serializers.CharField(help_text="E-mail address at that time; empty if a device registered itself.")
    subject = serializers.CharField(allow_blank=True, help_text="What it was done to. Never a secret.")
    address = serializers.CharField(help_text="Network address of the request, or `command line`.")

    class Meta:
        model = AuditEntry
        fields = ["id", "at", "action", "by", "subject", "address"]
        read_only_fields = fields


class AuditLog(generics.ListAPIView[AuditEntry]):
    """Entries of the audit log, the newest first, kept for a year."""

    administered = ("GET",)
    queryset = AuditEntry.objects.none()
    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilter


class OwnAuditLog(AuditLog):
    """What was done with the operator's account."""

    def get_queryset(self) -> QuerySet[AuditEntry]:
        operator = operator_of(self.request)
        require_whole(operator)
        return entries_of(operator, now=timezone.now())

    @extend_schema(
        operation_id="auth_audit",
        summary="List what was done with my account",
        description="The newest first, kept for a year: sign-ins, and changes of rights and secrets at all sites.",
        responses=answers({200: AuditEntrySerializer(many=True)}, 400, 401, 403, 404),
        tags=["auth"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

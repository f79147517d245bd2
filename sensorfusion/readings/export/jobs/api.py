"""The API of exports that are written in the background. What an operator may not see is answered 404."""

from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import RefusalSerializer, answers
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.export.api import file_name
from sensorfusion.readings.export.export import CONTENT_TYPES
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.export.jobs.download import download
from sensorfusion.readings.export.jobs.queries import UNFINISHED, export_for, exports_of
from sensorfusion.readings.export.jobs.serializers import ExportSerializer, NewExportSerializer
from sensorfusion.readings.export.jobs.services import Ordered, make_export, remove_export
from sensorfusion.readings.export.site_archive import CONTENT_TYPE as ZIP
from sensorfusion.readings.models import ExportJob, ExportOf, ExportState
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import visible_sensors
from sensorfusion.web.problems import CONTENT_TYPE

TAG: Final = ["exports"]
READY_AFTER_S: Final = 5  # how soon to ask again
_TYPES: Final[dict[str, str]] = {**dict(CONTENT_TYPES.items()), "zip": ZIP}
_GONE: Final = {
    (410, CONTENT_TYPE): OpenApiResponse(RefusalSerializer, "It failed, was cancelled or has expired."),
    (416, CONTENT_TYPE): OpenApiResponse(RefusalSerializer, "The file has no such bytes."),
}


class ExportFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    state = filters.ChoiceFilter(choices=ExportState.choices, help_text="Only exports in this state.")

    class Meta:
        model = ExportJob
        fields = ["state"]


class Exports(generics.ListAPIView[ExportJob]):
    """The exports of the operator."""

    queryset = ExportJob.objects.none()
    serializer_class = ExportSerializer
    filterset_class = ExportFilter

    def get_queryset(self) -> QuerySet[ExportJob]:
        return exports_of(operator_of(self.request))

    @extend_schema(
        operation_id="exports_list",
        summary="List your exports",
        description="The newest first. What you may not read any more is not listed.",
        responses=answers({200: ExportSerializer(many=True)}, 400, 401),
        tags=TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="exports_create",
        summary="Write an export in the background",
        description="`Location` is the address of the export: ask there how far it is, and for its file.",
        request=NewExportSerializer,
        responses=answers({202: ExportSerializer}, 400, 401, 403, 409),
        tags=TAG,
    )
    def post(self, request: Request) -> Response:
        operator = operator_of(request)
        given = NewExportSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        site, is_archive = wanted.get("site"), wanted["of"] == ExportOf.ARCHIVE
        ordered = Ordered(
            of=ExportOf(wanted["of"]),
            format=wanted["format"],
            sensors=[] if is_archive else wanted.get("sensors") or sensors_of(site, request),
            site=site if is_archive else None,
            start=wanted.get("start"),
            end=wanted.get("end"),
        )
        made = make_export(by=operator, ordered=ordered, now=timezone.now())
        where = request.build_absolute_uri(reverse("export-api", args=[made.uuid]))
        told = ExportSerializer(made, context={"request": request}).data
        return Response(told, status=status.HTTP_202_ACCEPTED, headers={"Location": where})


class OneExport(APIView):
    """One export."""

    @extend_schema(
        operation_id="exports_get",
        summary="Show how far an export is",
        responses=answers({200: ExportSerializer}, 401, 404),
        tags=TAG,
    )
    def get(self, request: Request, export: UUID) -> Response:
        return Response(ExportSerializer(found(request, export), context={"request": request}).data)

    @extend_schema(
        operation_id="exports_delete",
        summary="Cancel or remove an export",
        description="One that waits or is written is cancelled, and stays listed; any other is removed with its file.",
        responses=answers({204: None}, 401, 403, 404),
        tags=TAG,
    )
    def delete(self, request: Request, export: UUID) -> Response:
        remove_export(job=found(request, export), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportFile(APIView):
    """The file of an export."""

    @extend_schema(
        operation_id="exports_file",
        summary="Download the file of an export",
        description="With an ETag. `Range` with one range of bytes resumes a download that broke off.",
        responses={
            **{(code, each): OpenApiTypes.BINARY for code in (200, 206) for each in _TYPES.values()},
            **answers({}, 401, 404, 409),
            **_GONE,
        },
        tags=TAG,
    )
    def get(self, request: Request, export: UUID) -> HttpResponseBase:
        job = found(request, export)
        if job.state in UNFINISHED:
            raise Refusal("not_ready", retry_after_s=READY_AFTER_S)
        if job.state != ExportState.DONE:
            raise Refusal("file_gone")
        stem = job.name.removesuffix(f".{job.format}")
        name, content = file_name(f"{stem}.{job.format}"), _TYPES[job.format]
        try:
            return download(request._request, files.path_of(job), name=name, content=content, tag=str(job.run))
        except FileNotFoundError:
            raise Refusal("file_gone") from None


def sensors_of(site: Site, request: Request) -> list[Sensor]:
    """Return the sensors of a site in the order of the file."""
    return list(visible_sensors(operator_of(request)).filter(site=site).select_related("site").order_by("name", "id"))


def found(request: Request, export: UUID) -> ExportJob:
    """Return one of the operator's exports.

    :raises Http404: if there is none, or something in it may not be seen.
    """
    job = export_for(operator=operator_of(request), uuid=export)
    if job is None:
        raise Http404
    return job

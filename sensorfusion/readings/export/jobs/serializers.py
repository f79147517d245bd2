"""Serializers of export jobs."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from sensorfusion.readings.export.jobs.services import FILE_FORMATS, KEPT_FOR, SENSORS_MOST
from sensorfusion.readings.models import ExportJob, ExportOf, ExportState
from sensorfusion.sensors.serializers import VisibleSensor, VisibleSite
from sensorfusion.web.checks.json_types import JsonTypes


class NewExportSerializer(JsonTypes):
    """What is to be written: `sensors`, or all of a `site`."""

    of = serializers.ChoiceField(
        choices=ExportOf.choices, default=ExportOf.READINGS, help_text="`archive`: of a `site`, for its owners."
    )
    format = serializers.ChoiceField(
        choices=[(each, each) for each in FILE_FORMATS],
        required=False,
        help_text="Of readings csv, ndjson or parquet, of notes csv or ndjson; default: csv. An archive is a zip.",
    )
    sensors = serializers.ListField(
        child=VisibleSensor(), required=False, min_length=1, max_length=SENSORS_MOST, help_text="Their public ids."
    )
    site = VisibleSite(required=False, help_text="The public id of a site: all of its present sensors.")
    start = serializers.DateTimeField(required=False, help_text="First instant; default: the first reading.")
    end = serializers.DateTimeField(required=False, help_text="End of the span, exclusive; default: the last reading.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_archive = attrs["of"] == ExportOf.ARCHIVE
        if ("site" in attrs) == ("sensors" in attrs):
            raise serializers.ValidationError({"sensors": "Give sensors, or a site."})
        if is_archive and "site" not in attrs:
            raise serializers.ValidationError({"site": "An archive is of a site."})
        if is_archive and ("start" in attrs or "end" in attrs):
            raise serializers.ValidationError({"start": "An archive has all readings of its site: leave it out."})
        attrs.setdefault("format", "zip" if is_archive else "csv")
        return attrs


class ExportSerializer(serializers.ModelSerializer[ExportJob]):
    """An export that waits, is written, or is kept."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    site = serializers.UUIDField(source="site.uuid", read_only=True, allow_null=True, help_text="Of an archive.")
    start = serializers.DateTimeField(source="starts_at", read_only=True, allow_null=True)
    end = serializers.DateTimeField(source="ends_at", read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=ExportState.choices, read_only=True)
    rows_expected = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Null until it is begun; those stored when it was."
    )
    kept_until = serializers.SerializerMethodField(help_text="When its file is deleted; null while there is none.")
    file = serializers.SerializerMethodField(help_text="The address of its file; null while there is none.")
    error = serializers.CharField(read_only=True, help_text="Why it failed, and what to do; else empty.")

    class Meta:
        model = ExportJob
        fields = [
            *("id", "of", "format", "name", "site", "sensors", "start", "end", "state", "rows", "rows_expected"),
            *("bytes", "made_at", "started_at", "ended_at", "kept_until", "file", "error"),
        ]
        read_only_fields = fields

    def get_kept_until(self, job: ExportJob) -> datetime | None:
        return job.ended_at + KEPT_FOR if job.state == ExportState.DONE and job.ended_at else None

    def get_file(self, job: ExportJob) -> str | None:
        if job.state != ExportState.DONE:
            return None
        return str(self.context["request"].build_absolute_uri(reverse("export-file", args=[job.uuid])))

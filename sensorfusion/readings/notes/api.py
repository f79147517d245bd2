"""The API of a sensor's notes."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.readings.api import SensorView
from sensorfusion.readings.models import Note, NoteKind
from sensorfusion.readings.notes.queries import notes_of, notes_within
from sensorfusion.readings.notes.services import change_note, delete_note, make_note
from sensorfusion.readings.parameters import FROM, TO, instant
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.checks.json_types import JsonTypes


class NoteSerializer(JsonTypes, serializers.ModelSerializer[Note]):
    """A note on an instant or a span of a sensor."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    kind = serializers.ChoiceField(choices=NoteKind.choices, default=NoteKind.NOTE)
    start = serializers.DateTimeField(source="starts_at", help_text="The instant, or the first one of the span.")
    end = serializers.DateTimeField(
        source="ends_at", required=False, allow_null=True, help_text="End of the span, exclusive; null: an instant."
    )
    made_by = serializers.SerializerMethodField()

    class Meta:
        model = Note
        fields = ["id", "kind", "text", "start", "end", "made_by", "made_at", "changed_at"]
        read_only_fields = ["made_at", "changed_at"]

    def get_made_by(self, note: Note) -> str | None:
        return str(note.made_by) if note.made_by else None


class Notes(SensorView, generics.ListAPIView[Note]):
    """The notes of a sensor."""

    queryset = Note.objects.none()
    serializer_class = NoteSerializer

    def get_queryset(self) -> QuerySet[Note]:
        start, end = instant(self.request, "from"), instant(self.request, "to")
        return notes_within(sensor=self.sensor(self.kwargs["uuid"]), start=start, end=end)

    @extend_schema(
        operation_id="notes_list",
        summary="List the notes of a sensor",
        description="The newest first: those that touch [from, to).",
        parameters=[FROM, TO],
        responses=answers({200: NoteSerializer(many=True)}, 400, 401, 404),
        tags=["readings"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="notes_create",
        summary="Write a note on an instant or a span",
        description="Notes are shown on charts, in reports and in exports. They change no figure.",
        request=NoteSerializer,
        responses=answers({201: NoteSerializer}, 400, 401, 403, 404, 409),
        tags=["readings"],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        sensor, operator = self.sensor(uuid), operator_of(request)
        require_editor(by=operator, site=sensor.site)  # before validation, so that 403 precedes 400
        given = NoteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = make_note(by=operator, sensor=sensor, now=timezone.now(), **given.validated_data)
        return Response(NoteSerializer(made).data, status=status.HTTP_201_CREATED)


class OneNote(SensorView):
    """One note of a sensor."""

    @extend_schema(
        operation_id="notes_get",
        summary="Show a note",
        responses=answers({200: NoteSerializer}, 401, 404),
        tags=["readings"],
    )
    def get(self, request: Request, uuid: UUID, note: UUID) -> Response:
        return Response(NoteSerializer(self._note(uuid, note)).data)

    @extend_schema(
        operation_id="notes_update",
        summary="Change a note",
        request=NoteSerializer(partial=True),
        responses=answers({200: NoteSerializer}, 400, 401, 403, 404),
        tags=["readings"],
    )
    def patch(self, request: Request, uuid: UUID, note: UUID) -> Response:
        found, operator = self._note(uuid, note), operator_of(request)
        require_editor(by=operator, site=found.sensor.site)
        given = NoteSerializer(found, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changed = change_note(by=operator, note=found, now=timezone.now(), **given.validated_data)
        return Response(NoteSerializer(changed).data)

    @extend_schema(
        operation_id="notes_delete",
        summary="Delete a note",
        responses=answers({204: None}, 401, 403, 404),
        tags=["readings"],
    )
    def delete(self, request: Request, uuid: UUID, note: UUID) -> Response:
        delete_note(by=operator_of(request), note=self._note(uuid, note))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _note(self, uuid: UUID, note: UUID) -> Note:
        found = notes_of(sensor=self.sensor(uuid)).select_related("sensor__site", "made_by")
        return get_object_or_404(found, uuid=note)

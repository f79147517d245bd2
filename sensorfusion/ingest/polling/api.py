"""The API of a sensor's poll: its settings, judged by the form of the page, and its status."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.ingest.polling.forms import TIME_PATH_CHARACTERS, PollForm
from sensorfusion.sensors.models import Poll, Sensor
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.models import LONGEST_S, SHORTEST_S
from sensorfusion.sensors.polls.services import poll_of, remove_poll, save_poll
from sensorfusion.sensors.queries import visible_sensors
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.checks.json_types import JsonTypes

# A serializer has an attribute `fields` of its own, and the form `fields_text`.
_OF_FORM: Final = {"fields_text": "paths"}


class PollSerializer(JsonTypes):
    """A URL that is polled for a sensor's readings."""

    url = serializers.CharField(max_length=2000, help_text="Requested with GET; must answer JSON.")
    paths = serializers.CharField(
        source="fields",
        max_length=10_000,
        help_text="One line each: `temperature = $.main.temp °C`; paths are JSONPath.",
    )
    interval_s = serializers.IntegerField(min_value=SHORTEST_S, max_value=LONGEST_S, default=60)
    time_path = serializers.CharField(
        max_length=TIME_PATH_CHARACTERS, default="", allow_blank=True, help_text="JSONPath of the time of a reading."
    )
    is_on = serializers.BooleanField(default=True)
    headers = serializers.CharField(
        max_length=8000,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="Lines of `Name: value`; left out: those that are stored, if the URL has the same origin. Not shown.",
    )
    has_headers = serializers.SerializerMethodField()
    next_at = serializers.DateTimeField(read_only=True)
    answered_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="The last answer with a reading."
    )
    failing_since = serializers.DateTimeField(read_only=True, allow_null=True)
    trouble = serializers.CharField(read_only=True, help_text="What was wrong the last time.")
    left_out = serializers.CharField(read_only=True, help_text="What of the last answer was not stored.")

    def get_has_headers(self, poll: Poll) -> bool:
        return bool(poll.headers)


class SensorPoll(APIView):
    """The poll of a sensor, for editors."""

    @extend_schema(
        operation_id="poll_get",
        summary="Show how a sensor is polled",
        responses=answers({200: PollSerializer}, 401, 403, 404),
        tags=["sensors"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        sensor = _sensor(request, uuid)
        require_editor(by=operator_of(request), site=sensor.site)
        poll = poll_of(sensor)
        if poll is None:
            raise Http404("This sensor is not polled.")
        return Response(PollSerializer(poll).data)

    @extend_schema(
        operation_id="poll_replace",
        summary="Poll a sensor, or change how",
        description="The first request is sent within seconds.",
        request=PollSerializer,
        responses=answers({200: PollSerializer}, 400, 401, 403, 404, 409),
        tags=["sensors"],
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        sensor, operator = _sensor(request, uuid), operator_of(request)
        require_editor(by=operator, site=sensor.site)
        given = PollSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        poll = save_poll(by=operator, sensor=sensor, details=_judged(given.validated_data), now=timezone.now())
        return Response(PollSerializer(poll).data)

    @extend_schema(
        operation_id="poll_remove",
        summary="Stop polling a sensor",
        description="Stored readings stay.",
        responses=answers({204: None}, 401, 403, 404),
        tags=["sensors"],
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        remove_poll(by=operator_of(request), sensor=_sensor(request, uuid))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _sensor(request: Request, uuid: UUID) -> Sensor:
    return get_object_or_404(visible_sensors(operator_of(request)).select_related("site"), uuid=uuid)


def _judged(given: dict[str, Any]) -> PollDetails:
    """Return the settings as the form of the page takes them."""
    form = PollForm({**given, "fields_text": given["fields"]})
    if not form.is_valid():
        raise serializers.ValidationError(
            {_OF_FORM.get(name, name): [str(each) for each in why] for name, why in form.errors.items()}
        )
    said = form.cleaned_data
    return PollDetails(
        url=said["url"],
        interval_s=said["interval_s"],
        fields=said["fields_text"],
        time_path=said["time_path"],
        headers=said["headers"] if "headers" in given else None,
        is_on=said["is_on"],
    )

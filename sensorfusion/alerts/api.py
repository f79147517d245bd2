"""The API of alert rules and alerts. What an operator may not see is answered 404, never 403."""

from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.alerts import queries, services
from sensorfusion.alerts.evaluation.rules import loaded
from sensorfusion.alerts.models import Alert, AlertRule, Severity
from sensorfusion.alerts.preview import preview
from sensorfusion.alerts.schema import PreviewedSerializer
from sensorfusion.alerts.serializers import (
    AlertSerializer,
    AlertSettingsSerializer,
    OneAlertSerializer,
    PreviewSerializer,
    RuleSerializer,
    SnoozeSerializer,
)
from sensorfusion.domain.liveness import usual_interval_s
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import visible_sites
from sensorfusion.sensors.sites.membership import require_editor, require_owner

_TAG: Final = ["alerts"]


class RuleFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="site__uuid", help_text="Only rules of this site.")
    sensor = filters.UUIDFilter(field_name="sensor__uuid", help_text="Only rules of this sensor alone.")

    class Meta:
        model = AlertRule
        fields = ["site", "sensor"]


class YesOrNo(filters.TypedChoiceFilter):  # type: ignore[misc]  # django-filter has no types
    """`true` or `false`; `filters.BooleanFilter` takes any other text for no filter."""

    def __init__(self, **options: Any) -> None:
        choices = [(each, each) for each in ("true", "false")]
        super().__init__(choices=choices, coerce=lambda text: text == "true", **options)


class AlertFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="site__uuid", help_text="Only alerts of this site.")
    sensor = filters.UUIDFilter(field_name="sensor__uuid", help_text="Only alerts of this sensor.")
    rule = filters.UUIDFilter(field_name="rule__uuid", help_text="Only alerts of this rule.")
    severity = filters.MultipleChoiceFilter(choices=Severity.choices)
    active = YesOrNo(field_name="ended_at", lookup_expr="isnull")
    acknowledged = YesOrNo(field_name="acknowledged_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Alert
        fields = ["site", "sensor", "rule", "severity", "active", "acknowledged"]


class Rules(generics.ListAPIView[AlertRule]):
    """The alert rules of the operator's sites."""

    queryset = AlertRule.objects.none()
    serializer_class = RuleSerializer
    filterset_class = RuleFilter

    def get_queryset(self) -> QuerySet[AlertRule]:
        return queries.visible_rules(operator_of(self.request))

    @extend_schema(
        operation_id="rules_list",
        summary="List alert rules",
        responses=answers({200: RuleSerializer(many=True)}, 400, 401),
        tags=_TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="rules_create",
        summary="Make an alert rule",
        request=RuleSerializer,
        responses=answers({201: RuleSerializer}, 400, 401, 403, 409),
        tags=_TAG,
    )
    def post(self, request: Request) -> Response:
        given = RuleSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        made = services.make_rule(by=operator_of(request), now=timezone.now(), **given.validated_data)
        return Response(RuleSerializer(made).data, status=status.HTTP_201_CREATED)


class OneRule(APIView):
    """One alert rule."""

    @extend_schema(
        operation_id="rules_get",
        summary="Show an alert rule",
        responses=answers({200: RuleSerializer}, 401, 404),
        tags=_TAG,
    )
    def get(self, request: Request, rule: UUID) -> Response:
        return Response(RuleSerializer(self._rule(request, rule)).data)

    @extend_schema(
        operation_id="rules_update",
        summary="Change an alert rule",
        description="Its open alerts end; it begins with what is so now. The site stays.",
        request=RuleSerializer(partial=True),
        responses=answers({200: RuleSerializer}, 400, 401, 403, 404),
        tags=_TAG,
    )
    def patch(self, request: Request, rule: UUID) -> Response:
        found, operator = self._rule(request, rule), operator_of(request)
        require_editor(by=operator, site=found.site)
        given = RuleSerializer(found, data=request.data, partial=True, context={"request": request})
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        if fields.pop("site", found.site) != found.site:
            raise ValidationError({"site": "A rule stays at its site."})
        changed = services.change_rule(by=operator, rule=found, now=timezone.now(), **fields)
        return Response(RuleSerializer(changed).data)

    @extend_schema(
        operation_id="rules_delete",
        summary="Delete an alert rule",
        description="Its alerts remain in the history.",
        responses=answers({204: None}, 401, 403, 404),
        tags=_TAG,
    )
    def delete(self, request: Request, rule: UUID) -> Response:
        services.delete_rule(by=operator_of(request), rule=self._rule(request, rule), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _rule(self, request: Request, rule: UUID) -> AlertRule:
        return get_object_or_404(queries.visible_rules(operator_of(request)), uuid=rule)


class RulePreview(APIView):
    """When a rule would have fired."""

    @extend_schema(
        operation_id="rules_preview",
        summary="Try a rule on the readings of the last days",
        description="The rule is not stored. Without a sensor in it, `on` names the one to try it on.",
        request=PreviewSerializer,
        responses=answers({200: PreviewedSerializer}, 400, 401),
        tags=_TAG,
    )
    def post(self, request: Request) -> Response:
        given = PreviewSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        fields, now = dict(given.validated_data), timezone.now()
        days, on = fields.pop("days"), fields.pop("on", None)
        sensor = cast("Sensor | None", fields.get("sensor") or on)
        if sensor is None:
            raise ValidationError({"on": "Name a sensor to try the rule on."})
        row = AlertRule(made_at=now, changed_at=now, **fields)
        services.check_rule(row)
        start = now - timedelta(days=days)
        found = preview(loaded(row), sensor=sensor.pk, start=start, end=now, interval_s=_interval_s(sensor))
        return Response(PreviewedSerializer.of(found, end=now).data)


def _interval_s(sensor: Sensor) -> float | None:
    deltas = SensorState.objects.filter(sensor=sensor).values_list("deltas", flat=True).first()
    return sensor.interval_s or usual_interval_s(deltas or [])


class Alerts(generics.ListAPIView[Alert]):
    """The alerts of the operator's sites, the newest first."""

    queryset = Alert.objects.none()
    serializer_class = AlertSerializer
    filterset_class = AlertFilter

    def get_queryset(self) -> QuerySet[Alert]:
        return queries.visible_alerts(operator_of(self.request))

    @extend_schema(
        operation_id="alerts_list",
        summary="List alerts",
        parameters=[
            OpenApiParameter("active", bool, description="Whether it has not ended."),
            OpenApiParameter("acknowledged", bool, description="Whether a person acknowledged it."),
        ],
        responses=answers({200: AlertSerializer(many=True)}, 400, 401),
        tags=_TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class _OneAlert(APIView):
    def alert(self, request: Request, alert: UUID) -> Alert:
        return get_object_or_404(queries.visible_alerts(operator_of(request)), uuid=alert)


class OneAlert(_OneAlert):
    """One alert."""

    @extend_schema(
        operation_id="alerts_get",
        summary="Show an alert with what happened to it",
        responses=answers({200: OneAlertSerializer}, 401, 404),
        tags=_TAG,
    )
    def get(self, request: Request, alert: UUID) -> Response:
        return Response(OneAlertSerializer(self.alert(request, alert)).data)


class Acknowledge(_OneAlert):
    """Acknowledges an alert."""

    @extend_schema(
        operation_id="alerts_acknowledge",
        summary="Acknowledge an alert",
        description="Editors may, and viewers if the owner allows it.",
        request=None,
        responses=answers({200: AlertSerializer}, 401, 403, 404, 409),
        tags=_TAG,
    )
    def post(self, request: Request, alert: UUID) -> Response:
        found = self.alert(request, alert)
        held = services.acknowledge(by=operator_of(request), alert=found, now=timezone.now())
        return Response(AlertSerializer(held).data)


class Snooze(_OneAlert):
    """Lets an alert rest."""

    @extend_schema(
        operation_id="alerts_snooze",
        summary="Snooze an alert",
        request=SnoozeSerializer,
        responses=answers({200: AlertSerializer}, 400, 401, 403, 404, 409),
        tags=_TAG,
    )
    def post(self, request: Request, alert: UUID) -> Response:
        found, operator = self.alert(request, alert), operator_of(request)
        services.require_acknowledger(by=operator, alert=found)
        given = SnoozeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        held = services.snooze(by=operator, alert=found, now=timezone.now(), **given.validated_data)
        return Response(AlertSerializer(held).data)


class SettingsOfAlerts(APIView):
    """What the owner of a site allows."""

    @extend_schema(
        operation_id="alert_settings_get",
        summary="Show what viewers may do with a site's alerts",
        responses=answers({200: AlertSettingsSerializer}, 401, 404),
        tags=_TAG,
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        site = get_object_or_404(visible_sites(operator_of(request)), uuid=uuid)
        return Response({"viewers_acknowledge": queries.viewers_may(site)})

    @extend_schema(
        operation_id="alert_settings_replace",
        summary="Change what viewers may do with a site's alerts",
        request=AlertSettingsSerializer,
        responses=answers({200: AlertSettingsSerializer}, 400, 401, 403, 404),
        tags=_TAG,
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        operator = operator_of(request)
        site = get_object_or_404(visible_sites(operator), uuid=uuid)
        require_owner(by=operator, site=site)
        given = AlertSettingsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        allowed = given.validated_data["viewers_acknowledge"]
        services.let_viewers_acknowledge(by=operator, site=site, allowed=allowed)
        return Response({"viewers_acknowledge": allowed})

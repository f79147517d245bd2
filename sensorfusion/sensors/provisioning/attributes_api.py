"""The API of a sensor's attributes, and of a site's provisioning."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.provisioning import attributes
from sensorfusion.sensors.provisioning import services as provisioning


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": attributes.MOST,
        "propertyNames": {"minLength": 1, "maxLength": attributes.LONGEST_NAME},
        "additionalProperties": {
            "type": ["string", "number", "boolean", "null"],
            "maxLength": attributes.LONGEST_TEXT,
        },
    }
)
class Shared(serializers.DictField):
    """Names with text, numbers, booleans or null."""


class AttributesSerializer(serializers.Serializer[Any]):
    """The attributes of a sensor, as opposed to its readings."""

    client = serializers.DictField(read_only=True, help_text="Written by the device.")
    shared = Shared(help_text="Written by people, for the device to read: text, numbers, booleans.")


class Attributes(APIView):
    """The attributes of a sensor."""

    @extend_schema(
        operation_id="attributes_get",
        summary="Show a sensor's attributes",
        responses=answers({200: AttributesSerializer}, 401, 404),
        tags=["sensors"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(AttributesSerializer(attributes.attributes_of(sensor=self._sensor(request, uuid))).data)

    @extend_schema(
        operation_id="attributes_set",
        summary="Replace the attributes that the device may read",
        request=AttributesSerializer,
        responses=answers({200: AttributesSerializer}, 400, 401, 403, 404),
        tags=["sensors"],
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        sensor = self._sensor(request, uuid)
        shared = request.data.get("shared") if isinstance(request.data, dict) else None
        kept = attributes.set_shared(by=operator_of(request), sensor=sensor, shared=shared)
        return Response(AttributesSerializer(kept).data)

    def _sensor(self, request: Request, uuid: UUID) -> Sensor:
        return get_object_or_404(queries.visible_sensors(operator_of(request)).select_related("site"), uuid=uuid)


class ProvisioningSerializer(serializers.Serializer[Any]):
    """The credentials for registering devices at a site, without the secret."""

    key = serializers.CharField(read_only=True, allow_null=True, help_text="Null if it is off.")
    created_at = serializers.DateTimeField(read_only=True, allow_null=True)


class NewProvisioningSerializer(ProvisioningSerializer):
    """New credentials, with the secret, which is not shown again."""

    secret = serializers.CharField(read_only=True)


class Provisioning(APIView):
    """Whether devices may register themselves at a site."""

    administered = ("GET", "POST", "PATCH", "DELETE")

    @extend_schema(
        operation_id="provisioning_get",
        summary="Show the provisioning key",
        responses=answers({200: ProvisioningSerializer}, 401, 403, 404),
        tags=["sites"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        site = self._site(request, uuid)
        if not queries.may_own(operator=operator_of(request), site=site):
            raise PermissionDenied("Only an owner of the site may do this.")
        found = provisioning.provisioning_of(site=site)
        return Response(ProvisioningSerializer(found or {"key": None, "created_at": None}).data)

    @extend_schema(
        operation_id="provisioning_on",
        summary="Let devices register themselves",
        description="Creates a new key and secret and revokes older ones. Devices send them to POST /api/v1/provision.",
        request=None,
        responses=answers({201: NewProvisioningSerializer}, 401, 403, 404),
        tags=["sites"],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        site, by = self._site(request, uuid), operator_of(request)
        opened = provisioning.switch_on(by=by, site=site, now=timezone.now())
        said = {**ProvisioningSerializer(opened.provisioning).data, "secret": opened.secret}
        return Response(said, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="provisioning_off",
        summary="Stop devices from registering themselves",
        responses=answers({204: None}, 401, 403, 404),
        tags=["sites"],
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        provisioning.switch_off(by=operator_of(request), site=self._site(request, uuid))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _site(self, request: Request, uuid: UUID) -> Site:
        return get_object_or_404(queries.visible_sites(operator_of(request)), uuid=uuid)

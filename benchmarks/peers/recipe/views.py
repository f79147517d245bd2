"""Storing and reading by REST framework; means by SQL."""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.chart import QUANTITIES
from benchmarks.peers.recipe.consumers import GROUP
from benchmarks.peers.recipe.models import Reading


class ReadingSerializer(serializers.ModelSerializer[Reading]):
    class Meta:
        model = Reading
        fields = ("id", "sensor", "observed_at", *QUANTITIES)


class Readings(generics.CreateAPIView[Reading]):
    queryset = Reading.objects.all()
    serializer_class = ReadingSerializer

    def perform_create(self, serializer: Any) -> None:
        serializer.save()
        layer = get_channel_layer()
        async_to_sync(layer.group_send)(GROUP, {"type": "reading", "reading": dict(serializer.data)})


class Latest(APIView):
    def get(self, request: Request, sensor: str) -> Response:
        return Response(ReadingSerializer(Reading.objects.filter(sensor=sensor).latest("observed_at")).data)


class Series(APIView):
    """Means of buckets of `step` seconds, by SQL."""

    def get(self, request: Request, sensor: str) -> Response:
        asked = request.query_params
        names = [name for name in QUANTITIES if name in asked["quantities"].split(",")]
        columns = ", ".join(f"avg({name}), min({name}), max({name})" for name in names)
        query = f"""
            SELECT date_bin(%s, observed_at, TIMESTAMPTZ '2000-01-01 00:00Z') AS t, {columns}
            FROM recipe_reading WHERE sensor = %s AND observed_at >= %s AND observed_at < %s GROUP BY t ORDER BY t
        """  # only names from QUANTITIES
        with connection.cursor() as cursor:
            cursor.execute(query, [f"{int(asked['step'])} s", sensor, asked["from"], asked["to"]])
            return Response({"t": cursor.fetchall()})


urlpatterns = [
    path("readings/", Readings.as_view()),
    path("sensors/<sensor>/latest/", Latest.as_view()),
    path("sensors/<sensor>/series/", Series.as_view()),
]

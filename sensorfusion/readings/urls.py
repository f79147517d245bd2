"""Addresses of the read API, with and without a slash at the end."""

from django.urls import re_path

from sensorfusion.readings.api import Latest, Readings, SeriesColumns

SENSOR = r"^sensors/(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    re_path(rf"{SENSOR}/latest/?$", Latest.as_view(), name="sensor-latest"),
    re_path(rf"{SENSOR}/readings/?$", Readings.as_view(), name="sensor-readings"),
    re_path(rf"{SENSOR}/series/?$", SeriesColumns.as_view(), name="sensor-series"),
]

"""Addresses of the read API."""

from sensorfusion.readings.api import Latest, Readings
from sensorfusion.readings.series_api import SeriesColumns
from sensorfusion.web.addresses import address

urlpatterns = [
    address("sensors/<uuid:uuid>/latest/", Latest.as_view(), name="sensor-latest"),
    address("sensors/<uuid:uuid>/readings/", Readings.as_view(), name="sensor-readings"),
    address("sensors/<uuid:uuid>/series/", SeriesColumns.as_view(), name="sensor-series"),
]

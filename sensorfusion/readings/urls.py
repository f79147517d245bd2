"""Addresses of the read API."""

from sensorfusion.readings.api import Latest, Readings
from sensorfusion.readings.climate_api import Climate, Normals, Records
from sensorfusion.readings.export_api import ExportedReadings
from sensorfusion.readings.series_api import SeriesColumns
from sensorfusion.web.addresses import address

urlpatterns = [
    address("sensors/<uuid:uuid>/export/", ExportedReadings.as_view(), name="sensor-export"),
    address("sensors/<uuid:uuid>/latest/", Latest.as_view(), name="sensor-latest"),
    address("sensors/<uuid:uuid>/readings/", Readings.as_view(), name="sensor-readings"),
    address("sensors/<uuid:uuid>/series/", SeriesColumns.as_view(), name="sensor-series"),
    address("sensors/<uuid:uuid>/climate/", Climate.as_view(), name="sensor-climate"),
    address("sensors/<uuid:uuid>/records/", Records.as_view(), name="sensor-records"),
    address("sensors/<uuid:uuid>/normals/", Normals.as_view(), name="sensor-normals"),
]

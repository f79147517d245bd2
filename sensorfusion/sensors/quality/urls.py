"""URLs of the quality checks of a sensor."""

from django.urls import path

from sensorfusion.sensors.quality import api as quality_api
from sensorfusion.sensors.quality import pages as quality_pages
from sensorfusion.web.addresses import address

api = [
    address("sensors/<uuid:uuid>/quality/", quality_api.Quality.as_view(), name="api-quality"),
]

pages = [
    path("sensors/<uuid:uuid>/quality/", quality_pages.checks, name="sensor-quality"),
]

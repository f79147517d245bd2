"""URL of the page of a sensor's quantities."""

from django.urls import path

from sensorfusion.sensors.quantities import pages as quantities_pages

pages = [
    path("sensors/<uuid:uuid>/quantities/", quantities_pages.quantities, name="sensor-quantities"),
]

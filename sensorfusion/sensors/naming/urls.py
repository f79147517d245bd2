"""URL of the names page of a sensor."""

from django.urls import path

from sensorfusion.sensors.naming import pages as naming_pages

pages = [
    path("sensors/<uuid:uuid>/names/", naming_pages.names, name="sensor-names"),
]

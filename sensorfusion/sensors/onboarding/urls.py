"""URL of the page that connects a new sensor."""

from django.urls import path

from sensorfusion.sensors.onboarding import pages as onboarding_pages

pages = [
    path("sensors/<uuid:uuid>/start/", onboarding_pages.start, name="sensor-start"),
]

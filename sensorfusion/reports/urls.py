"""URLs of the overview and of the report pages."""

from django.urls import path

from sensorfusion.reports.pages import overview, sensor

urlpatterns = [
    path("", overview, name="overview"),
    path("sensors/<uuid:uuid>/", sensor, name="sensor"),
]

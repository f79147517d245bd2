"""URLs of the polling pages."""

from django.urls import path

from sensorfusion.ingest.polling import pages

urlpatterns = [
    path("sensors/<uuid:uuid>/polling/", pages.polling, name="sensor-polling"),
    path("sensors/<uuid:uuid>/polling/remove/", pages.remove, name="sensor-polling-remove"),
]

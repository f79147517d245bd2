"""URLs of the pages of file imports."""

from django.urls import path

from sensorfusion.ingest.files import pages

urlpatterns = [
    path("sensors/<uuid:uuid>/import/", pages.upload, name="sensor-imports"),
    path("sensors/<uuid:uuid>/import/<uuid:number>/", pages.one, name="sensor-import"),
    path("sensors/<uuid:uuid>/import/<uuid:number>/discard/", pages.discard, name="sensor-import-discard"),
    path("sensors/<uuid:uuid>/import/<uuid:number>/refused.csv", pages.refused, name="sensor-import-refused"),
]

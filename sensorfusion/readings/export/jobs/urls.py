"""URLs of export jobs: of their API, and of their pages."""

from django.urls import path

from sensorfusion.readings.export.jobs.api import ExportFile, Exports, OneExport
from sensorfusion.readings.export.jobs.pages import exports, of_sensor, of_site, remove
from sensorfusion.web.addresses import address

api = [
    address("exports/", Exports.as_view(), name="exports-api"),
    address("exports/<uuid:export>/", OneExport.as_view(), name="export-api"),
    address("exports/<uuid:export>/file/", ExportFile.as_view(), name="export-file"),
]
pages = [
    path("exports/", exports, name="exports"),
    path("sensors/<uuid:uuid>/export/", of_sensor, name="sensor-export-new"),
    path("sites/<uuid:uuid>/export/", of_site, name="site-export-new"),
    path("exports/<uuid:export>/remove/", remove, name="export-remove"),
]

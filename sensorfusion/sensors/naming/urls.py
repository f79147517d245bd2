"""URLs of the names of a sensor, and of the fields of its device."""

from django.urls import path

from sensorfusion.sensors.naming import api as naming_api
from sensorfusion.sensors.naming import pages as naming_pages
from sensorfusion.web.addresses import address

api = [
    address("sensors/<uuid:uuid>/fields/", naming_api.Fields.as_view(), name="api-fields"),
]

pages = [
    path("sensors/<uuid:uuid>/names/", naming_pages.names, name="sensor-names"),
    path("sensors/<uuid:uuid>/fields/", naming_pages.fields, name="sensor-fields"),
]

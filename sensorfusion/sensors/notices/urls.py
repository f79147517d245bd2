"""URLs of the notices of sensors and sites."""

from django.urls import path

from sensorfusion.sensors.notices import api as notices_api
from sensorfusion.sensors.notices import pages as notices_pages
from sensorfusion.web.addresses import address

api = [
    address("sensors/<uuid:uuid>/notices/", notices_api.SensorNotices.as_view(), name="api-notices"),
    address("sites/<uuid:uuid>/notices/", notices_api.SiteNotices.as_view(), name="api-site-notices"),
]

pages = [
    path("sensors/<uuid:uuid>/notices/clear/", notices_pages.of_sensor, name="notices-clear"),
    path("sites/<uuid:uuid>/notices/clear/", notices_pages.of_site, name="site-notices-clear"),
]

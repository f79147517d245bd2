"""URLs of provisioning and attributes."""

from django.urls import path

from sensorfusion.sensors.provisioning import attributes_api
from sensorfusion.sensors.provisioning import pages as provisioning_pages
from sensorfusion.web.addresses import address

api = [
    address("sites/<uuid:uuid>/provisioning/", attributes_api.Provisioning.as_view(), name="api-provisioning"),
    address("provision/", provisioning_pages.register, name="api-provision"),
    address("sensors/<uuid:uuid>/attributes/", attributes_api.Attributes.as_view(), name="api-attributes"),
]

pages = [
    path("sites/<uuid:uuid>/provisioning/", provisioning_pages.settings, name="site-provisioning"),
]

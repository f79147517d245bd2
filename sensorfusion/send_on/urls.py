"""URLs of the pages of a sensor's destinations, and of their API."""

from django.urls import path

from sensorfusion.send_on import pages
from sensorfusion.send_on.api import Destinations, OneDestination, SendNow
from sensorfusion.web.addresses import address

urlpatterns = [
    path("sensors/<uuid:uuid>/send-on/", pages.destinations, name="sensor-send-on"),
    path("sensors/<uuid:uuid>/send-on/add/<slug:network>/", pages.add, name="sensor-send-on-add"),
    path("sensors/<uuid:uuid>/send-on/<uuid:destination>/act/", pages.act, name="sensor-send-on-act"),
]
api = [
    address("sensors/<uuid:uuid>/send-on/", Destinations.as_view(), name="api-send-on"),
    address("sensors/<uuid:uuid>/send-on/<uuid:destination>/", OneDestination.as_view(), name="api-send-on-one"),
    address("sensors/<uuid:uuid>/send-on/<uuid:destination>/now/", SendNow.as_view(), name="api-send-on-now"),
]

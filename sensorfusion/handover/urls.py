"""URLs of handing sensors over."""

from django.urls import path

from sensorfusion.handover import api as endpoints
from sensorfusion.handover import pages
from sensorfusion.web.addresses import address

api = [
    address("sensors/<uuid:uuid>/offer/", endpoints.OfSensor.as_view(), name="api-sensor-offer"),
    address("sensor-offers/", endpoints.Mine.as_view(), name="api-sensor-offers"),
    address("sensor-offers/<uuid:offer>/accept/", endpoints.Accept.as_view(), name="api-sensor-offer-accept"),
    address("sensor-offers/<uuid:offer>/decline/", endpoints.Decline.as_view(), name="api-sensor-offer-decline"),
]

urlpatterns = [
    path("sensors/<uuid:uuid>/hand-over/", pages.offer, name="sensor-hand-over"),
    path("sensors/<uuid:uuid>/hand-over/withdraw/", pages.take_back, name="sensor-hand-over-withdraw"),
    path("invitations/sensors/<uuid:offer>/", pages.answer, name="sensor-offer"),
    path("invitations/sensors/<uuid:offer>/decline/", pages.refuse, name="sensor-offer-decline"),
]

"""URLs of the polling pages, and of their API."""

from django.urls import path

from sensorfusion.ingest.polling import pages
from sensorfusion.ingest.polling.api import SensorPoll
from sensorfusion.web.addresses import address

urlpatterns = [
    path("sensors/<uuid:uuid>/polling/", pages.polling, name="sensor-polling"),
    path("sensors/<uuid:uuid>/polling/remove/", pages.remove, name="sensor-polling-remove"),
]
api = [address("sensors/<uuid:uuid>/poll/", SensorPoll.as_view(), name="api-poll")]

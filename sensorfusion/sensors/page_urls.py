"""URLs of the pages of sites, sensors and keys; the live report page of a sensor is in `reports`."""

from django.urls import path

from sensorfusion.sensors import keeping_pages, pages
from sensorfusion.sensors.consoles import urls as consoles
from sensorfusion.sensors.keys import urls as keys
from sensorfusion.sensors.naming import urls as naming
from sensorfusion.sensors.notices import urls as notices
from sensorfusion.sensors.onboarding import urls as onboarding
from sensorfusion.sensors.provisioning import urls as provisioning
from sensorfusion.sensors.quality import urls as quality
from sensorfusion.sensors.quantities import urls as quantities
from sensorfusion.sensors.sites import urls as sites

urlpatterns = [
    *sites.pages,
    *provisioning.pages,
    path("sites/<uuid:uuid>/keeping/", keeping_pages.of_site, name="site-keeping"),
    path("sensors/", pages.sensors, name="sensors"),
    path("sensors/unknown-names/", pages.forget, name="unknown-names-forget"),
    path("sensors/new/", pages.new, name="sensor-new"),
    path("sensors/<uuid:uuid>/settings/", pages.settings, name="sensor-settings"),
    path("sensors/<uuid:uuid>/keeping/", keeping_pages.of_sensor, name="sensor-keeping"),
    path("sensors/<uuid:uuid>/status/", pages.status, name="sensor-status"),
    path("sensors/<uuid:uuid>/delete/", pages.delete, name="sensor-delete"),
    *consoles.pages,
    *onboarding.pages,
    *naming.pages,
    *notices.pages,
    *quality.pages,
    *quantities.pages,
    *keys.pages,
]

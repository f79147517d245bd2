"""Addresses of the pages for sites, sensors and keys; the live report page of a sensor is in `reports`."""

from django.urls import path

from sensorfusion.sensors import (
    account_pages,
    console_pages,
    keeping_pages,
    key_pages,
    member_pages,
    naming_pages,
    onboarding,
    pages,
    provisioning_pages,
    quality_pages,
    site_pages,
    weather_stations,
)
from sensorfusion.web.addresses import address

urlpatterns = [
    address("data/3.0/stations/", weather_stations.stations, name="weather-stations"),
    address("data/3.0/stations/<uuid:uuid>/", weather_stations.station, name="weather-station"),
    path("sign-up/", account_pages.sign_up, name="sign-up"),
    path("account/close/", account_pages.close, name="account-close"),
    path("sites/new/", site_pages.new, name="site-new"),
    path("sites/<uuid:uuid>/settings/", site_pages.settings, name="site-settings"),
    path("sites/<uuid:uuid>/keeping/", keeping_pages.of_site, name="site-keeping"),
    path("sites/<uuid:uuid>/provisioning/", provisioning_pages.settings, name="site-provisioning"),
    path("sites/<uuid:uuid>/delete/", site_pages.delete, name="site-delete"),
    path("sites/<uuid:uuid>/members/", member_pages.invite, name="members"),
    path("sites/<uuid:uuid>/members/<uuid:member>/", member_pages.change, name="member"),
    path("sites/<uuid:uuid>/members/<uuid:member>/remove/", member_pages.remove, name="member-remove"),
    path("sensors/", pages.sensors, name="sensors"),
    path("sensors/consoles/", console_pages.seen, name="consoles"),
    path("sensors/consoles/<int:number>/claim/", console_pages.take, name="console-claim"),
    path("sensors/<uuid:uuid>/console/", console_pages.settings, name="console"),
    path("sensors/<uuid:uuid>/console/identity/", console_pages.identify, name="console-identity"),
    path("sensors/<uuid:uuid>/console/forget/", console_pages.forget, name="console-forget"),
    path("sensors/strays/", pages.forget, name="strays-forget"),
    path("sensors/new/", pages.new, name="sensor-new"),
    path("sensors/<uuid:uuid>/start/", onboarding.start, name="sensor-start"),
    path("sensors/<uuid:uuid>/settings/", pages.settings, name="sensor-settings"),
    path("sensors/<uuid:uuid>/keeping/", keeping_pages.of_sensor, name="sensor-keeping"),
    path("sensors/<uuid:uuid>/status/", pages.status, name="sensor-status"),
    path("sensors/<uuid:uuid>/delete/", pages.delete, name="sensor-delete"),
    path("sensors/<uuid:uuid>/names/", naming_pages.names, name="sensor-names"),
    path("sensors/<uuid:uuid>/quality/", quality_pages.checks, name="sensor-quality"),
    path("sensors/<uuid:uuid>/keys/", key_pages.rotate, name="keys"),
    path("sensors/<uuid:uuid>/keys/<int:number>/revoke/", key_pages.revoke, name="key-revoke"),
]

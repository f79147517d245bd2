"""URLs of the keys of a sensor."""

from django.urls import path

from sensorfusion.sensors.keys import pages as key_pages

pages = [
    path("sensors/<uuid:uuid>/keys/", key_pages.keys, name="keys"),
    path("sensors/<uuid:uuid>/keys/<int:number>/revoke/", key_pages.revoke, name="key-revoke"),
]

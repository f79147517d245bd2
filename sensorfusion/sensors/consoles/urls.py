"""URLs of the pages of weather consoles."""

from django.urls import path

from sensorfusion.sensors.consoles import pages as console_pages

pages = [
    path("sensors/consoles/", console_pages.seen, name="consoles"),
    path("sensors/consoles/<int:number>/claim/", console_pages.claim_console, name="console-claim"),
    path("sensors/<uuid:uuid>/console/", console_pages.settings, name="console"),
    path("sensors/<uuid:uuid>/console/identity/", console_pages.identify, name="console-identity"),
    path("sensors/<uuid:uuid>/console/forget/", console_pages.forget, name="console-forget"),
]

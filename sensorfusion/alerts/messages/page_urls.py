"""URLs of the page of messages about alerts."""

from django.urls import path

from sensorfusion.alerts.messages import pages

urlpatterns = [
    path("alerts/messages/", pages.page, name="alert-messages"),
    path("alerts/messages/save/", pages.save, name="alert-messages-save"),
    path("alerts/messages/<uuid:message>/again/", pages.again, name="alert-message-again"),
    path("alerts/browsers/", pages.notify_browser, name="alert-browser-add"),
    path("alerts/channels/", pages.add, name="alert-channel-add"),
    path("alerts/channels/<uuid:channel>/test/", pages.test, name="alert-channel-test"),
    path("alerts/channels/<uuid:channel>/switch/", pages.switch, name="alert-channel-switch"),
    path("alerts/channels/<uuid:channel>/remove/", pages.remove, name="alert-channel-remove"),
    path("alerts/maintenance/", pages.rest, name="alert-maintenance-add"),
    path("alerts/maintenance/<uuid:span>/end/", pages.end_rest, name="alert-maintenance-end"),
]

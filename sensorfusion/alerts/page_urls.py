"""URLs of the pages of alerts."""

from django.urls import path

from sensorfusion.alerts import pages

urlpatterns = [
    path("alerts/", pages.alerts, name="alerts"),
    path("alerts/<uuid:alert>/acknowledge/", pages.acknowledge, name="alert-acknowledge"),
    path("alerts/<uuid:alert>/snooze/", pages.snooze, name="alert-snooze"),
    path("alerts/rules/<uuid:rule>/", pages.one_rule, name="alert-rule"),
    path("alerts/rules/<uuid:rule>/switch/", pages.switch_rule, name="alert-rule-switch"),
    path("alerts/rules/<uuid:rule>/delete/", pages.delete_rule, name="alert-rule-delete"),
    path("sensors/<uuid:uuid>/alert-rules/new/", pages.new_rule, name="alert-rule-new"),
]

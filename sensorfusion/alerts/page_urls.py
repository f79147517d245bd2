"""URLs of the pages of alerts."""

from django.urls import path

from sensorfusion.alerts import pages, rule_pages

urlpatterns = [
    path("alerts/", pages.alerts, name="alerts"),
    path("alerts/<uuid:alert>/acknowledge/", pages.acknowledge, name="alert-acknowledge"),
    path("alerts/<uuid:alert>/snooze/", pages.snooze, name="alert-snooze"),
    path("alerts/rules/new/", rule_pages.choose, name="alert-rule-choose"),
    path("alerts/rules/<uuid:rule>/", rule_pages.one_rule, name="alert-rule"),
    path("alerts/rules/<uuid:rule>/switch/", rule_pages.switch_rule, name="alert-rule-switch"),
    path("alerts/rules/<uuid:rule>/delete/", rule_pages.delete_rule, name="alert-rule-delete"),
    path("sensors/<uuid:uuid>/alert-rules/new/", rule_pages.new_rule, name="alert-rule-new"),
]

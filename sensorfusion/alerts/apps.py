"""App configuration."""

from django.apps import AppConfig


class AlertsApp(AppConfig):
    name = "sensorfusion.alerts"
    label = "alerts"

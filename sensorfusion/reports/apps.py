"""App configuration."""

from django.apps import AppConfig


class ReportsApp(AppConfig):
    name = "sensorfusion.reports"
    label = "reports"

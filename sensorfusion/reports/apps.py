"""Tells Django that this package is an app."""

from django.apps import AppConfig


class ReportsApp(AppConfig):
    name = "sensorfusion.reports"
    label = "reports"

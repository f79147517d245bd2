"""Tells Django that this package is an app."""

from django.apps import AppConfig


class SensorsApp(AppConfig):
    name = "sensorfusion.sensors"
    label = "sensors"

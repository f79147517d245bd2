"""App configuration."""

from django.apps import AppConfig


class SensorsApp(AppConfig):
    name = "sensorfusion.sensors"
    label = "sensors"

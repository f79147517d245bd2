"""App configuration."""

from django.apps import AppConfig


class ReadingsApp(AppConfig):
    name = "sensorfusion.readings"
    label = "readings"

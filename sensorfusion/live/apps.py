"""App configuration."""

from django.apps import AppConfig


class LiveApp(AppConfig):
    name = "sensorfusion.live"
    label = "live"

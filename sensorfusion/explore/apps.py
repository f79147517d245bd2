"""App configuration."""

from django.apps import AppConfig


class ExploreApp(AppConfig):
    name = "sensorfusion.explore"
    label = "explore"

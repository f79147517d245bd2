"""App configuration."""

from django.apps import AppConfig


class SharingApp(AppConfig):
    name = "sensorfusion.sharing"
    label = "sharing"
